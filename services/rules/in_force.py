"""Rules in force: which files decide here, as the audit chain last told of them, and as they are on the disk.

Every table under ``data`` and in the local folder decides something: who may do what, which steps there are, what is
late, what is shown to whom. The chain holds a digest of each, and a line for each one that was changed.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from models.audit import AuditLine
from services.rights import audit
from services.system import clock, db, program
from services.system.errors import listed
from services.system.settings import DATA, settings
from services.words import local_files

# The first line holds the digests of all files; each later one tells of the file that is its subject.
ALL, ONE = "rules.kept", "rules.changed"
_LOG = logging.getLogger(__name__)
_ENDINGS = frozenset({".csv", ".toml"})
# Sample records decide nothing.
_LEFT_OUT = "demo"
_LOCAL, _LOCAL_FLOWS = "local/", "local/flows/"
_SHOWN = 10
# Instead of a digest, where the file may not be read: whoever needs it says so himself.
_UNREADABLE = "unreadable"
_OTHER = listed(
    "The file is not the one that the audit lines tell of. Put that one back, or start the program: then they tell of"
    " the change."
)
_NEW = listed("The audit lines don't tell of this file. Take it away, or start the program: then they tell of it.")
_GONE = listed(
    "The audit lines tell of this file, but it is gone. Put it back, or start the program: then they tell of it."
)
_SINCE = {
    "changed": listed("{file}: other rows are in force since {at} (program {program})."),
    "new": listed("{file}: in force since {at} (program {program})."),
    "gone": listed("{file}: no longer in force since {at} (program {program})."),
}
Files = dict[str, str]


@dataclass(frozen=True)
class Change:
    """A file that is not the one the chain tells of: its digests before and now, empty where there is no file."""

    file: str
    old: str
    new: str


def on_disk() -> Files:
    """The digest of each file that decides, by its name; those of the local folder begin with ``local/``."""
    return dict(_digests("", DATA)) | dict(_digests(_LOCAL, settings().local_folder))


def _digests(prefix: str, root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.suffix in _ENDINGS and _LEFT_OUT not in name.parts[:-1] and path.is_file():
            yield f"{prefix}{name.as_posix()}", _digest(path)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return _UNREADABLE


def told(session: Session) -> Files | None:
    """The digests as the chain last told of them; nothing where it doesn't tell of any yet."""
    found: Files | None = None
    for line in session.exec(select(AuditLine).where(_OURS).order_by(col(AuditLine.seq))):
        data = line.data or {}
        said = data.get("files", {}) if line.act == ALL else {data.get("file", ""): data.get("new", "")}
        found = dict(said) if line.act == ALL else (found or {}) | said
    return None if found is None else {file: digest for file, digest in found.items() if digest}


_OURS = col(AuditLine.act).in_((ALL, ONE))


def changes(before: Files, now: Files) -> list[Change]:
    """The files that are not the same in both, by name."""
    files = sorted(before.keys() | now.keys())
    found = (Change(file, before.get(file, ""), now.get(file, "")) for file in files)
    return [one for one in found if one.old != one.new]


def problems(session: Session) -> Iterator[tuple[str, str]]:
    """Each file on the disk that is not as the chain tells, with the sentence that says so."""
    known = told(session)
    for one in changes(known, on_disk()) if known is not None else ():
        yield one.file, _OTHER if one.old and one.new else _NEW if one.new else _GONE


def remarks(session: Session) -> Iterator[tuple[str, dict[str, object]]]:
    """The latest changes that the chain tells of, the oldest of them first."""
    latest = select(AuditLine).where(AuditLine.act == ONE).order_by(col(AuditLine.seq).desc()).limit(_SHOWN)
    for line in reversed(session.exec(latest).all()):
        data = line.data or {}
        how = "changed" if data.get("old") and data.get("new") else "new" if data.get("new") else "gone"
        at = f"{clock.local(line.at):%Y-%m-%d %H:%M}"
        yield _SINCE[how], {"at": at, "file": data.get("file", ""), "program": data.get("program", "")}


@dataclass
class _Here:
    """What this process works by, as far as the chain does not tell of it yet; ``seen`` are the local tables it knows.

    ``whole`` are the files of its start.
    """

    whole: Files = field(default_factory=dict)
    seen: local_files.Stamp = ()


_HERE = _Here()


def begin(operator: str) -> None:
    """Let the chain tell of the files this process starts with. While others write, it is left to ``keep_up``."""
    _HERE.whole, _HERE.seen = on_disk(), local_files.stamp()
    _catch_up(operator)


def keep_up(operator: str) -> None:
    """Let the chain tell of local tables that were changed meanwhile: they are in force at once, all else is not."""
    stamp = local_files.stamp()
    if _HERE.whole:
        _catch_up(operator)
    if stamp != _HERE.seen and _tell(operator, _live(on_disk()), only_live=True):
        _HERE.seen = stamp


def _catch_up(operator: str) -> None:
    if _tell(operator, _HERE.whole):
        _HERE.whole = {}


def _live(files: Files) -> Files:
    return {
        file: digest for file, digest in files.items() if file.startswith(_LOCAL) and not file.startswith(_LOCAL_FLOWS)
    }


def _tell(operator: str, now: Files, *, only_live: bool = False) -> bool:
    """Whether the chain tells of these files; not where others keep the database for themselves."""
    with db.reading() as session:
        if told(session) is not None and not _untold(session, now, only_live):
            return True
    try:
        with db.writing(db.HURRY) as session:
            _write(session, operator, now, only_live)
    except OperationalError as error:
        _LOG.info("The rules in force are told of later: %s", type(error).__name__)
        return False
    return True


def _untold(session: Session, now: Files, only_live: bool) -> list[Change]:
    known = told(session) or {}
    return changes(_live(known) if only_live else known, now)


def _write(session: Session, operator: str, now: Files, only_live: bool) -> None:
    # Asked once more: another process may have told of them while this one waited for its turn.
    if told(session) is None:
        files = now if not only_live else on_disk()
        audit.write(session, operator, ALL, "", {"files": files, "program": program.version()})
    for one in _untold(session, now, only_live):
        # A subject holds 128 signs, the name of a file may have more.
        data = {"file": one.file, "old": one.old, "new": one.new, "program": program.version()}
        audit.write(session, operator, ONE, one.file, data)
