"""Starting: the rows on the disk are read, judged and, where they mean something new, put in force: all, or nothing."""

from sqlmodel import Session, select

from models.matter import Matter
from services.engine import checks, moved, versions
from services.rights import vouching
from services.rules import in_force
from services.system import db, flow_files
from services.system.progress import Progress, silent


def start(operator: str, *, progress: Progress = silent, leave_empty: bool = False) -> int:
    """Let the process work by the rows on the disk; how many matters had to be moved out of states that are gone.

    Refused, with nothing changed, where a row is wrong or would strand an open matter. ``leave_empty`` keeps nothing
    in a database without matters, so that a full export can still be put into it.
    """
    found = flow_files.on_disk()
    with flow_files.trying(found):
        checks.check()
        kept = _keep(operator, leave_empty)
    flow_files.adopt(found)
    if kept:
        _vouch(operator)
        in_force.begin(operator)
    return moved.move_all(operator, progress) if kept else 0


def _vouch(operator: str) -> None:
    """Tell of the seals in the audit, where they are new."""
    with db.reading() as session:
        new = vouching.untold(session)
    if new:
        with db.writing() as session:
            vouching.tell(session, operator)


def _keep(operator: str, leave_empty: bool) -> bool:
    """Put the rows in force, where that leaves every open matter a way on; whether anything is kept at all."""
    with db.reading() as session:
        moved.refuse(session)
        if leave_empty and session.exec(select(Matter.id).limit(1)).first() is None:
            return False
        new = versions.unkept(session)
    if new:
        with db.writing() as session:
            _record(session, operator)
    return True


def _record(session: Session, operator: str) -> None:
    versions.lock(session)
    moved.refuse(session)
    versions.record(session, operator)
