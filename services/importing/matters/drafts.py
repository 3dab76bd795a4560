"""Matter drafts: new matters as they will be written, worked out before the turn to write comes.

All is there but what only the turn can tell: ids and numbers, the batch, what is made on the way, and whatever is
digested with these.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, SQLModel

from models.answer import REPORTER, Answer
from models.event import Event
from models.matter import Matter
from services.engine import events
from services.importing.cells.row_entries import MatterEntry
from services.importing.matters import changes
from services.importing.matters.known import Known
from services.matters import search_drafts
from services.matters.search_drafts import short_runs
from services.system import bulk
from services.system.seals.sketches import Sketcher

Row = dict[str, Any]
# An area by its id, or by the names that lead to one that is still to be made.
Home = int | tuple[tuple[str, str], ...]
# What only the turn can tell of a matter, of an answer and of an event, and what else there is.
LATE = ["id", "number", "area_id", "unit_id", "category", "head", "repeats_id"]
REST = [
    *("state", "is_open", "title", "description", "source", "source_ref", "source_digest", "location", "lng", "lat"),
    *("opened_at", "opened_month", "due_at", "time_left", "closed_at", "on_time", "reworks", "public"),
]
SEALED = ["number", "import_id", "area_id", "unit_id", "category", "head", "repeats_id"]
ANSWERED, SAID = ["question", "value", "at"], ["to_state", "note"]
ASKED: dict[str, Any] = {"category": REPORTER, "replaced": 0, "number": None}


@dataclass
class Drafts:
    """A batch of new matters, column by column, and the entries that change a matter which stands here."""

    homes: list[Home]
    units: list[str]
    categories: list[str | None]
    matters: list[bulk.Ready]
    answers: list[list[bulk.Ready]]
    events: list[bulk.Ready]
    told: list[tuple[str, str]]
    seals: list[str]
    texts: list[search_drafts.Draft]
    changed: list[tuple[MatterEntry, Known]] = field(default_factory=list)
    unchanged: int = 0

    def __len__(self) -> int:
        return len(self.homes) + len(self.changed) + self.unchanged


@dataclass
class Found:
    """New entries as rows of matters, with what they are called that may have to be made first, and their runs."""

    entries: list[MatterEntry]
    rows: list[Row]
    homes: list[Home]
    categories: list[str | None]
    runs: list[list[str]]

    def lessons(self) -> Iterator[Row]:
        """What a flow learns from."""
        for row, home, category, runs in zip(self.rows, self.homes, self.categories, self.runs, strict=True):
            yield row | {"area_id": home, "category": category, "runs": runs}


class Drafting:
    """Writes drafts. ``same`` are columns alike in all matters."""

    def __init__(self, session: Session, same: Row) -> None:
        self._session = session
        self._own = Sketcher("matter", same, REST, SEALED)
        self._below = Sketcher("answer", ASKED, ANSWERED)

    def drafts(self, found: Found, names: list[tuple[str, ...]]) -> Drafts:
        """A batch of them, and the names of their areas."""
        session, entries = self._session, found.entries
        answers = [_answers(entry) for entry in entries]
        flat = [one for some in answers for one in some]
        said = [{"to_state": entry.state, "note": entry.note} for entry in entries]
        searched = [_searched(*one) for one in zip(found.runs, found.rows, names, strict=True)]
        return Drafts(
            homes=found.homes,
            units=[entry.unit for entry in entries],
            categories=found.categories,
            matters=bulk.ready(session, _table(Matter), REST, found.rows),
            answers=_grouped(answers, bulk.ready(session, _table(Answer), ANSWERED, flat)),
            events=bulk.ready(session, _table(Event), SAID, said),
            told=[events.written(entry.state, entry.note, changes.row(entry)) for entry in entries],
            seals=[self._own.sketch(row, self._below, some) for row, some in zip(found.rows, answers, strict=True)],
            texts=search_drafts.drafts(session, searched),
        )


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def _answers(entry: MatterEntry) -> list[dict[str, Any]]:
    at = changes.asked_at(entry)
    return [{"question": name, "value": value, "at": at} for name, value in changes.said(entry).items()]


def _grouped(answers: list[list[dict[str, Any]]], ready: list[bulk.Ready]) -> list[list[bulk.Ready]]:
    rest = iter(ready)
    return [[next(rest) for _ in found] for found in answers]


def _searched(runs: list[str], row: Row, names: tuple[str, ...]) -> list[str]:
    return [*runs, *(run for word in (row["location"], *names) for run in short_runs(word))]
