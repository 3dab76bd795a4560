"""Starting: the rows on the disk are read, judged and, where they mean something new, put in force: all, or nothing."""

from sqlmodel import Session, select

from models.matter import Matter
from services.engine import checks, moved, versions
from services.system import db
from services.system.progress import Progress, silent


def start(operator: str, *, progress: Progress = silent, leave_empty: bool = False) -> int:
    """Let the process work by the rows on the disk; how many matters had to be moved out of states that are gone.

    Refused, with nothing changed, where a row is wrong or would strand an open matter. ``leave_empty`` keeps nothing
    in a database without matters, so that a full export can still be put into it.
    """
    checks.reload()
    with db.reading() as session:
        moved.refuse(session)
        if leave_empty and session.exec(select(Matter.id).limit(1)).first() is None:
            return 0
        new = versions.unkept(session)
    if new:
        with db.writing() as session:
            _record(session, operator)
    return moved.move_all(operator, progress)


def _record(session: Session, operator: str) -> None:
    versions.lock(session)
    moved.refuse(session)
    versions.record(session, operator)
