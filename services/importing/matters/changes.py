"""Matter changes: what a row that says something else now changes of its matter, and how an undo puts it back."""

from datetime import datetime
from typing import Any

from models.follow_up import FollowUp
from models.matter import Matter
from services.engine import events
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.import_jobs import Job
from services.matters import search
from services.system import clock

_MOMENTS = ("opened_at", "due_at", "closed_at")


def data(entry: MatterEntry, batch_id: int) -> dict[str, Any]:
    """What an event of an import keeps: the source's own row, and what can't be told from states alone."""
    return {"row": entry.cells, **closing(entry.on_time, entry.closed_at), "batch": batch_id}


def closing(on_time: bool | None, closed_at: datetime | None) -> dict[str, Any]:
    """When something was closed and whether in time, as an event keeps it: in the office's time, for people."""
    return {"on_time": on_time, "closed_at": clock.local(closed_at).isoformat() if closed_at else None}


def answers(entry: MatterEntry, matter_id: int) -> dict[str, Any]:
    """The follow-up of an entry as a row."""
    contacted, resolved, satisfaction = entry.follow_up or (None, None, None)
    at = entry.closed_at or entry.opened_at
    said = {"contacted": contacted, "resolved": resolved, "satisfaction": satisfaction}
    return {"matter_id": matter_id, "at": at, **said}


def update(job: Job, matter_id: int, entry: MatterEntry, columns: dict[str, Any], at: datetime) -> None:
    """Let the matter say what its row says now, with an event in its chain, and keep what it said before."""
    assert job.batch is not None
    matter = job.session.get_one(Matter, matter_id)
    told = job.session.get(FollowUp, matter_id)
    before = {name: plain(getattr(matter, name)) for name in columns}
    before["follow_up"] = told.model_dump(mode="json") if told else None
    job.note("matter", matter_id, before)
    kept = data(entry, job.batch.id)
    events.append(job.session, matter, job.actor, "reimport", to_state=entry.state, note=entry.note, data=kept, at=at)
    put(matter, columns)
    follow_up(job, matter_id, answers(entry, matter_id) if entry.follow_up else None)
    job.session.flush()
    search.index(job.session, [matter])


def put(matter: Matter, columns: dict[str, Any]) -> None:
    """Set columns of a matter, those kept as JSON among them."""
    for name, value in columns.items():
        setattr(matter, name, datetime.fromisoformat(value) if name in _MOMENTS and isinstance(value, str) else value)


def follow_up(job: Job, matter_id: int, said: dict[str, Any] | None) -> None:
    """Let the matter have these answers, or none."""
    told = job.session.get(FollowUp, matter_id)
    if said is None:
        if told:
            job.session.delete(told)
        return
    job.session.merge(FollowUp.model_validate(said))


def plain(value: Any) -> Any:
    """A column as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value
