"""Known anchors: where the record stood when this machine last looked, in a small file beside the database.

A process notes it at its start, every few minutes and at its end; backups carry it in their sidecars. A database that
ends before that, or another way, was rolled back or rewritten: that is said until an administrator accepts it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.event import Event
from services.keep import anchors, explained_gaps
from services.keep.anchor_text import Anchor
from services.keep.problems import Problem
from services.rights import audit
from services.system import agreement, clock, facts, hash_chain
from services.system.errors import listed
from services.system.files import private_files
from services.system.settings import settings

_KEPT = 50
_SIDECARS = 3
_CUT = listed(
    "The database ends with audit line {left}; at {at} this machine saw {count}. It was rolled back to an older state,"
    " or its end was cut off. Restore the newest backup. If this is meant, an administrator accepts it with: python"
    " manage.py anchor accept"
)
_CUT_EVENTS = listed(
    "Event {count}, which this machine saw at {at}, is gone. The database was rolled back to an older state, or its"
    " end was cut off. Restore the newest backup. If this is meant, an administrator accepts it with: python manage.py"
    " anchor accept"
)
_OTHER = listed(
    "The records up to {at} are not those that this machine saw then: the history was rewritten, or this is another"
    " database. Compare with a backup: python manage.py verify --against FILE. If this is meant, an administrator"
    " accepts it with: python manage.py anchor accept"
)


@dataclass(frozen=True)
class Mark:
    """The last audit line and the last event at a moment, with their digests under the key of that time."""

    at: str
    database: str
    key: str
    line: int = 0
    line_digest: str = ""
    event: int = 0
    event_digest: str = ""
    anchor: str = ""


def mark(session: Session, anchor: Anchor | None = None) -> Mark:
    """Where the record stands now."""
    last = session.exec(select(AuditLine.seq, AuditLine.digest).order_by(col(AuditLine.seq).desc())).first()
    event = session.exec(select(Event.id, Event.digest).order_by(col(Event.id).desc())).first()
    line, line_digest = last or (0, "")
    newest, digest = event or (0, "")
    at, database = clock.now().isoformat(), facts.value(session, facts.DATABASE)
    text = anchor.text if anchor else ""
    return Mark(at, database, hash_chain.fingerprint(), line, line_digest, newest, digest, text)


def file(session: Session) -> Path:
    """Where the marks of this database are kept: beside it, or among the backups where it is on a server."""
    url = make_url(settings().database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        return path.with_name(f"{path.name}.anchors")
    return private_files.folder(settings().backup_folder) / f"anchors-{facts.value(session, facts.DATABASE)}"


def note(session: Session, anchor: Anchor | None = None, *, force: bool = False) -> None:
    """Remember where the record stands, unless it is behind what is remembered already."""
    if not force and behind(session):
        return
    path, found = file(session), mark(session, anchor)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if _read(line)][1 - _KEPT :]
    private_files.write(path, "".join(f"{line}\n" for line in (*kept, written(found))))


def written(found: Mark) -> str:
    """A mark as one line."""
    return json.dumps(asdict(found))


def behind(session: Session) -> Problem | None:
    """What says that the database is behind, or beside, what this machine knows of it; nothing where all is well."""
    marks = [*_last(session), *_of_backups()]
    own = facts.value(session, facts.DATABASE)
    known = [one for one in marks if one.database == own and own]
    since = _accepted(session)
    checked = (_lost(session, one) for one in known if since is None or datetime.fromisoformat(one.at) > since)
    return next(filter(None, checked), None)


def _lost(session: Session, known: Mark) -> Problem | None:
    told: dict[str, object] = {"at": f"{clock.local(datetime.fromisoformat(known.at)):%Y-%m-%d %H:%M}"}
    now = mark(session)
    if now.line < known.line:
        return Problem("cut", "audit", now.line, _CUT, told | {"count": known.line, "left": now.line})
    same_key = known.key == now.key
    line = session.exec(select(AuditLine.digest).where(AuditLine.seq == known.line)).first() or ""
    if same_key and line != known.line_digest:
        return Problem("rewritten", "audit", known.line, _OTHER, told)
    if _undone(session, known.line):
        return None
    event = session.exec(select(Event.digest).where(Event.id == known.event)).first() or ""
    if known.event and not event:
        return Problem("cut", "event", known.event, _CUT_EVENTS, told | {"count": known.event})
    if same_key and event != known.event_digest:
        return Problem("rewritten", "event", known.event, _OTHER, told)
    return None


def _undone(session: Session, after: int) -> bool:
    """Whether events were rightly taken away since."""
    query = select(AuditLine).where(AuditLine.act == explained_gaps.ACT, AuditLine.seq > after)
    return any(audit.genuine(session, line) for line in session.exec(query).all())


def _last(session: Session) -> Iterator[Mark]:
    path = file(session)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    found = [known for line in lines if (known := _read(line))]
    yield from found[-1:]


def _of_backups() -> Iterator[Mark]:
    folder = settings().backup_folder
    newest = sorted(folder.glob("*.sha256"), reverse=True)[:_SIDECARS] if folder.is_dir() else []
    for sidecar in newest:
        lines = sidecar.read_text(encoding="utf-8", errors="replace").splitlines()
        yield from filter(None, (_read(line.removeprefix("# mark: ")) for line in lines if line.startswith("# mark: ")))


def _read(line: str) -> Mark | None:
    try:
        return Mark(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _accepted(session: Session) -> datetime | None:
    """When a backup was last restored, or a break accepted: what was known before that no longer counts."""
    acts = (anchors.RESTORED, anchors.ACCEPTED)
    query = select(AuditLine).where(col(AuditLine.act).in_(acts)).order_by(col(AuditLine.seq).desc())
    return next((line.at for line in session.exec(query).all() if audit.genuine(session, line)), None)


def accept(session: Session, operator: str) -> None:
    """Let the record as it stands be the one to go on from; the audit says what it was behind."""
    found = behind(session)
    told = {"kind": found.kind, **found.params} if found else {}
    agreement.require(session)
    audit.write(session, operator, anchors.ACCEPTED, "", told)
