"""Checking: what was acknowledged is held against what is there now; `verify` says what is only half there."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from models.event import Event
from models.importing import ImportBatch
from models.matter import Matter
from services.keep import inspection
from services.system import db

_AT_ONCE = 500


@dataclass(frozen=True)
class Saved:
    """A step that somebody was told to be saved: the number of the matter, and its version then."""

    number: str
    version: int


def lost(saved: Iterable[Saved]) -> list[str]:
    """What was acknowledged and is not there: a matter, a version, or an event of one."""
    newest: dict[str, int] = {}
    for one in saved:
        newest[one.number] = max(one.version, newest.get(one.number, 0))
    with db.reading() as session:
        there = _there(session, list(newest))
    return [f"{number} at {version}" for number, version in newest.items() if there.get(number, 0) < version]


def _there(session: Session, numbers: list[str]) -> dict[str, int]:
    """The versions of matters that have all their events."""
    found: dict[str, int] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        count = select(func.count()).where(Event.matter_id == Matter.id).scalar_subquery()
        asked = select(Matter.number, Matter.version).where(
            col(Matter.number).in_(numbers[at : at + _AT_ONCE]), Matter.events == count
        )
        found |= dict(session.exec(asked).all())
    return found


def fewer_events(numbers: dict[str, int]) -> list[str]:
    """The matters that have fewer events than they had."""
    count = select(func.count()).where(Event.matter_id == Matter.id).scalar_subquery()
    with db.reading() as session:
        there: dict[str, int] = dict(session.exec(select(Matter.number, count)).all())
    return [
        f"{number}: {there.get(number, 0)} of {had}" for number, had in numbers.items() if there.get(number, 0) < had
    ]


def newest(session: Session) -> Saved:
    """The matter that was written last."""
    return Saved(*session.exec(select(Matter.number, Matter.version).order_by(col(Matter.id).desc()).limit(1)).one())


def half_written() -> list[str]:
    """What `verify` finds: in the file, the schema, the records, the seals, the counts and the search index."""
    with db.reading() as session:
        report = inspection.inspect(session)
        told = [f"{one.kind} {one.number}: {one.message.format(**one.params)}" for one in report.problems]
    return told + parts()


def parts() -> list[str]:
    """Imports of which only a part is there."""
    count = select(func.count()).where(Matter.import_id == ImportBatch.id).scalar_subquery()
    asked = select(ImportBatch.id, ImportBatch.new, count).where(
        ImportBatch.kind == "matters", col(ImportBatch.undone_at).is_(None), ImportBatch.new != count
    )
    with db.reading() as session:
        return [f"import {batch}: {there} of {new}" for batch, new, there in session.exec(asked)]
