"""Taking back: the reverse of one act of the setup, as long as nothing rests on it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, exists, select

from models.area import Area
from models.audit import SetupChange
from services.rights.permissions import Actor, may
from services.setup import area_setup, body_setup, boundaries, changes
from services.setup.subjects import AREAS, SUBJECTS, Subject
from services.system.errors import NotFound, Refused
from services.words.vocabulary import Word

# What is counted from the matters follows them by itself.
_COUNTED = ("matter_count", "matter_split", "matter_lasting")


def undo(session: Session, actor: Actor, change_id: int) -> SetupChange:
    """Take a change back: what was added goes, what was changed or closed is as it was before.

    Refused where it was taken back already, where a later change stands on it, and where something rests on what was
    added.
    """
    change = session.get(SetupChange, change_id, populate_existing=True)
    if change is None or not may(actor, SUBJECTS[change.kind].right, change.path):
        raise NotFound("There is no such change in your area. Choose one from the list.")
    if change.undone_at is not None:
        raise Refused("{name} took this back already.", name=change.undone_by or "?")
    after = changes.later(session, change)
    if after is not None:
        raise Refused("{who} changed {name} again since. Take that back first.", who=after.actor, name=change.name)
    subject = SUBJECTS[change.kind]
    row = session.get(subject.model, change.row_id, populate_existing=True)
    if row is None or any(changes.plain(getattr(row, name)) != value for name, value in (change.after or {}).items()):
        raise Refused("{name} was changed by an import since. Change it by hand.", name=change.name)
    _reverse(session, subject, row, change)
    changes.take_back(session, actor, change)
    return change


def _reverse(session: Session, subject: Subject, row: Any, change: SetupChange) -> None:
    if change.before is None:
        _remove(session, subject, row)
        return
    for name, value in change.before.items():
        setattr(row, name, _moment(name, value))
    session.add(row)
    session.flush()
    _check(session, subject, row, change)


def _moment(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value


def _check(session: Session, subject: Subject, row: Any, change: SetupChange) -> None:
    """Refused where a row can't stand any more as it stood before."""
    if subject.kind == AREAS:
        area_setup.check_beside(session, row)
        if change.act == "draw" and row.geometry and not row.schematic:
            boundaries.check(session, row, row.geometry)
        area_setup.settle(session, row)
        return
    home = session.get_one(Area, row.area_id)
    if home.closed_at is not None:
        raise Refused("{name} is closed. Take the closing back under Changes first.", name=home.name)
    body_setup.check_name(session, subject, row.area_id, getattr(row, subject.name), row.id)


def _remove(session: Session, subject: Subject, row: Any) -> None:
    resting = next(_resting(session, row), None)
    if resting is not None:
        what, name = Word("table", resting), getattr(row, subject.name)
        raise Refused("{name} is named already ({what}). Close it instead; it stays for that.", what=what, name=name)
    above = session.get(Area, row.parent_id) if subject.kind == AREAS else None
    session.delete(row)
    session.flush()
    if above is not None:
        area_setup.settle(session, above)


def _resting(session: Session, row: Any) -> Any:
    """The tables that hold a row which names this one."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if table.name in _COUNTED or not any(key.column.table is row.__table__ for key in column.foreign_keys):
                continue
            if session.execute(select(exists().where(column == row.id))).scalar_one():
                yield table.name
