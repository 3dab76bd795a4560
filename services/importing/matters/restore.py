"""Matter restore: what an undo takes from the ledger and gives back to it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, or_, select

from models.answer import REPORTER, Answer
from models.event import Event
from models.importing import ImportBatch, ImportChange
from models.matter import Link, Matter
from services.engine import events
from services.flows.issue.follow_ups import QUESTIONS
from services.importing.matters.changes import closing, put, word
from services.importing.matters.known import chunks
from services.keep.explained_gaps import IMPORTS
from services.matters import search
from services.parts import answers
from services.rights.permissions import Actor


def touched(session: Session, batch: ImportBatch) -> dict[int, str]:
    """The numbers, by id, of what the import made or changed and somebody, or a later import, worked on since."""
    new = select(Matter.id, Matter.number).where(Matter.import_id == batch.id, Matter.events != 1)
    found = _worked_on(session, dict(session.exec(new.order_by(col(Matter.id))).all()), batch.id, first=True)
    joined = select(Matter.id, Matter.number).join(ImportChange, col(ImportChange.row_id) == Matter.id)
    changed = joined.where(ImportChange.batch_id == batch.id, ImportChange.kind == "matter").order_by(col(Matter.id))
    return found | _worked_on(session, dict(session.exec(changed).all()), batch.id, first=False)


def _worked_on(session: Session, numbers: dict[int, str], batch_id: int, *, first: bool) -> dict[int, str]:
    """Those whose chain goes on after the event of this import, other than by imports that were undone."""
    steps: dict[int, list[tuple[str, Any]]] = {}
    for part in chunks(list(numbers)):
        asked = select(Event.matter_id, Event.action, Event.data).where(col(Event.matter_id).in_(part))
        for matter_id, action, data in session.exec(asked.order_by(col(Event.matter_id), col(Event.seq))):
            steps.setdefault(matter_id, []).append((action, (data or {}).get("batch")))
    return {id_: number for id_, number in numbers.items() if _goes_on(steps.get(id_, []), batch_id, first)}


def _goes_on(steps: list[tuple[str, Any]], batch_id: int, first: bool) -> bool:
    begun = 0 if first else max((at for at, step in enumerate(steps) if step == ("reimport", batch_id)), default=0)
    later = steps[begun + 1 :]
    if any(action not in IMPORTS for action, _ in later):
        return True
    back = {batch for action, batch in later if action == "import_undone"}
    return any(action == "reimport" and batch not in back for action, batch in later)


def keep(session: Session, batch: ImportBatch, ids: list[int]) -> None:
    """Let new matters stay for good: they no longer belong to an import that can be undone."""
    for part in chunks(ids):
        mine = update(Matter).where(col(Matter.id).in_(part), col(Matter.import_id) == batch.id)
        session.execute(mine.values(import_id=None))


def remove(session: Session, batch: ImportBatch) -> list[str]:
    """Delete the new matters of the import that is marked as undone, with all that hangs on them; their numbers."""
    numbers = list(session.exec(select(Matter.number).where(Matter.import_id == batch.id).order_by(Matter.number)))
    if not numbers:
        return []
    mine = select(col(Matter.id)).where(col(Matter.import_id) == batch.id)
    search.remove(session, mine)
    session.execute(update(Matter).where(col(Matter.repeats_id).in_(mine)).values(repeats_id=None))
    session.execute(delete(Link).where(or_(col(Link.source_id).in_(mine), col(Link.target_id).in_(mine))))
    session.execute(delete(Answer).where(col(Answer.matter_id).in_(mine)))
    session.execute(delete(Event).where(col(Event.matter_id).in_(mine)))
    session.execute(delete(Matter).where(col(Matter.import_id) == batch.id))
    return numbers


def restore(session: Session, actor: Actor, batch: ImportBatch, stay: set[int]) -> Iterator[str]:
    """Give the changed matters back what they said before, each with an event; yields their numbers."""
    query = select(ImportChange).where(ImportChange.batch_id == batch.id, ImportChange.kind == "matter")
    for change in session.exec(query.order_by(col(ImportChange.id))).all():
        matter = session.get(Matter, change.row_id)
        if matter is None or change.row_id in stay:
            continue
        before = dict(change.before or {})
        said = before.pop("follow_up", None)
        closed = datetime.fromisoformat(before["closed_at"]) if before["closed_at"] else None
        kept = closing(before["on_time"], closed) | {"batch": batch.id}
        events.append(session, matter, actor, "import_undone", to_state=before["state"], data=kept)
        put(matter, before)
        _answer(session, matter.id, said)
        session.flush()
        search.index(session, [matter])
        yield matter.number


def _answer(session: Session, matter_id: int, told: dict[str, Any] | None) -> None:
    said = {name: word(told.get(name)) for name in QUESTIONS} if told else None
    answers.correct(
        session, matter_id, REPORTER, dict(said or {}), datetime.fromisoformat(told["at"]) if told else None
    )
