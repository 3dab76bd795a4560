"""Matter changes: what a row that says something else now changes of its matter, and how an undo puts it back."""

from datetime import datetime
from typing import Any

from models.answer import REPORTER, UNKNOWN
from models.matter import Matter
from services.engine import events
from services.flows.issue.follow_ups import QUESTIONS
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.import_jobs import Job
from services.matters import search
from services.parts import answers
from services.system import clock

_MOMENTS = ("opened_at", "due_at", "closed_at")


def data(entry: MatterEntry, batch_id: int) -> dict[str, Any]:
    """What an event of an import keeps: the source's own row, and what can't be told from states alone."""
    return row(entry) | {"batch": batch_id}


def row(entry: MatterEntry) -> dict[str, Any]:
    """The same without the import."""
    return {"row": entry.cells, **closing(entry.on_time, entry.closed_at)}


def closing(on_time: bool | None, closed_at: datetime | None) -> dict[str, Any]:
    """When something was closed and whether in time, as an event keeps it: in the office's time, for people."""
    return {"on_time": on_time, "closed_at": clock.local(closed_at).isoformat() if closed_at else None}


def said(entry: MatterEntry) -> dict[str, str]:
    """What an entry says was answered when it was followed up; empty when it says nothing of it."""
    return {name: word(told) for name, told in zip(QUESTIONS, entry.follow_up or (), strict=False)}


def word(told: bool | str | None) -> str:
    """An answer of a file, or of a change kept by an earlier version, as the word that is kept."""
    return {True: "yes", False: "no", None: UNKNOWN}.get(told, str(told))  # type: ignore[arg-type]


def asked_at(entry: MatterEntry) -> datetime:
    """When an entry was followed up, as far as the file tells."""
    return entry.closed_at or entry.opened_at


def update(job: Job, matter_id: int, entry: MatterEntry, columns: dict[str, Any], at: datetime) -> None:
    """Let the matter say what its row says now, with an event in its chain, and keep what it said before."""
    assert job.batch is not None
    matter = job.session.get_one(Matter, matter_id)
    before = {name: plain(getattr(matter, name)) for name in columns}
    before["follow_up"] = _standing(job, matter_id)
    job.note("matter", matter_id, before)
    kept = data(entry, job.batch.id)
    events.append(job.session, matter, job.actor, "reimport", to_state=entry.state, note=entry.note, data=kept, at=at)
    put(matter, columns)
    answers.correct(job.session, matter_id, REPORTER, dict(said(entry)), asked_at(entry))
    job.session.flush()
    search.index(job.session, [matter])


def put(matter: Matter, columns: dict[str, Any]) -> None:
    """Set columns of a matter, those kept as JSON among them."""
    for name, value in columns.items():
        setattr(matter, name, datetime.fromisoformat(value) if name in _MOMENTS and isinstance(value, str) else value)


def _standing(job: Job, matter_id: int) -> dict[str, Any] | None:
    """The follow-up as it stands, as JSON."""
    found = answers.newest(job.session, matter_id, REPORTER)
    told = {name: one.value for name, one in found.items() if name in QUESTIONS}
    return told | {"at": min(one.at for one in found.values()).isoformat()} if told else None


def plain(value: Any) -> Any:
    """A column as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value
