"""Anchor sources: an anchor as somebody has it: typed off paper, in a file, beside a backup, or the backup itself."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from services.keep import anchor_text, anchors, sidecars
from services.keep.anchor_text import Anchor
from services.system import clock, db, program
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.system.settings import settings

_SQLITE = b"SQLite format 3\0"
_LONGEST = 64 * 1024


class Known(NamedTuple):
    """An anchor, and where it comes from."""

    anchor: Anchor
    source: str


def read(told: str, progress: Progress = silent) -> list[Known]:
    """The anchors that ``told`` gives: one, or for a backup its sidecar's and the one its own records give."""
    path = Path(told)
    if not _is_file(path):
        if "/" in told or told.endswith((".db", ".dump", ".sha256", ".txt")):
            raise Refused("There is no file {path}. Check the path.", path=told)
        return [Known(anchor_text.read(told), "")]
    if path.suffix == ".sha256":
        return [_written(path)]
    found = [_written(sidecars.beside(path))] if sidecars.said(sidecars.beside(path)).get("anchor") else []
    if _is_sqlite(path):
        return [*found, Known(_of_copy(path, progress), path.name)]
    return found or [_written(path)]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A whole anchor is longer than a name may be.
        return False


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _written(path: Path) -> Known:
    told = sidecars.said(path).get("anchor", "")
    if not told:
        with path.open(encoding="utf-8", errors="replace") as file:
            told = file.read(_LONGEST)
    try:
        return Known(anchor_text.read(told), path.name)
    except Refused:
        if sidecars.said(path).get("anchor"):
            raise
        raise Refused(
            "There is no anchor in {name}. Name a backup, its .sha256, or a file with an anchor.", name=path.name
        ) from None


def _of_copy(path: Path, progress: Progress) -> Anchor:
    """The anchor of a backup's own records: it holds even where its sidecar is lost."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        known = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    if not {"event", "matter", "audit_line"} <= known:
        raise Refused("{name} is no sound copy of a Mulin database. Use another backup.", name=path.name)
    url = f"sqlite:///file:{path.absolute()}?mode=ro&immutable=1&uri=true"
    try:
        with Session(db.engine(url).execution_options(readonly=True)) as session:
            return anchors.take(session, progress)
    finally:
        db.forget(url)


def sheet(anchor: Anchor) -> str:
    """The anchor as a file that says what it is and can be given back to ``verify --against``."""
    told = {
        "anchor": anchor.text,
        "taken": clock.local(anchor.at).isoformat(timespec="minutes"),
        "events": anchor.events,
        "events digest": f"{anchor.event_head:037x}",
        "audit lines": anchor.lines,
        "audit digest": f"{anchor.line_head:037x}",
        "time zone": settings().timezone,
        "program": f"Mulin {program.version()}",
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items())
