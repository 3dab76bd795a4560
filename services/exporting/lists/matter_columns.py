"""Columns of a list of matters: what each word of a flow's ``columns`` says of a row that leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Organisation
from services.engine import deadlines, field_words, flows
from services.engine.definition import Field
from services.exporting.lists.list_columns import Cell, Column, Value, Words, attribute, day, word
from services.exporting.lists.list_requests import Question
from services.matters import beside, kept
from services.places import areas
from services.rights.permissions import reads_all
from services.system import clock
from services.words.i18n import listed

# A drop-down of more names is no help.
_MOST_NAMES = 3000
# Behind the flow's own columns, wherever they are not among them.
_BEHIND = ("location", "description", "lng", "lat")


@dataclass(frozen=True)
class Asked:
    """For which list a column is made: the question, its flow, and the moment its clocks are read at."""

    question: Question
    flow: str
    at: datetime

    @property
    def session(self) -> Session:
        """Where names for drop-downs are read."""
        return self.question.session

    def words_of(self, kind: str) -> tuple[str, ...]:
        """Every word of a vocabulary."""
        return tuple(self.question.words.terms(kind))


def columns(question: Question, flow: str) -> tuple[Column, ...]:
    """The flow's own columns, then where and what, then what only the desk reads; printed ones first."""
    asked, own = Asked(question, flow, clock.now()), flows.flow(flow).words("list", "columns")
    desk = reads_all(question.actor)
    names = dict.fromkeys((*own, *_BEHIND))
    fields = kept.of(flow)
    shown = [name for name in names if name in {**COLUMNS, **fields} and (desk or name not in beside.INSIDE)]
    found = [_kept(asked, fields[name]) if name in fields else COLUMNS[name](asked) for name in shown]
    return (*sorted(found, key=lambda column: not column.printed), *(_inside() if desk else ()))


def _kept(asked: Asked, field: Field) -> Column:
    name, called = field.called, kept.names(asked.session, field)
    label, meaning = field_words.name(field, asked.question.words.language), listed("What the flow keeps of its own.")

    def said(row: Any, words: Words) -> Cell:
        value = (row.detail or {}).get(name)
        if field.type == "day":
            return kept.day(value)
        if field.type in ("count", "money") and value is not None:
            return float(value) / 100 if field.type == "money" else int(value)
        return kept.shown(field, value, words.language, called)

    kind = {"day": "day", "count": "count", "money": "number"}.get(field.type, "text")
    return Column(name, label, meaning, said, kind, 14, False, asked.words_of(field.kind) if field.kind else ())


def where(row: object, _words: Words) -> Cell:
    """The area of a matter; a building with the estate it stands in."""
    name, level, above = (getattr(row, part) for part in ("area_name", "area_level", "above"))
    return f"{above} {name}" if level == "building" and above else str(name)


def area_names(question: Question) -> tuple[str, ...]:
    """The names of the areas in view, for a drop-down."""
    found = dict.fromkeys(area.name for area in areas.under(question.session, question.here.path))
    return tuple(found)[:_MOST_NAMES]


def unit_names(question: Question) -> tuple[str, ...]:
    """The names of the place's bodies, any of which may be responsible, for a drop-down."""
    query = select(Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    found = question.session.exec(query.where(areas.within(question.root())).order_by(col(Organisation.path)))
    return tuple(dict.fromkeys(found))[:_MOST_NAMES]


def _number(_asked: Asked) -> Column:
    return Column("number", listed("Number"), listed("The matter's own number."), attribute("number"), width=16)


def _title(_asked: Asked) -> Column:
    return Column("title", listed("Title"), listed("What it is about."), attribute("title"), width=36)


def _state(asked: Asked) -> Column:
    kind, meaning = f"state.{asked.flow}", listed("Where the matter stands in its procedure.")
    return Column("state", listed("State"), meaning, word(kind, "state"), choices=asked.words_of(kind))


def _clock(asked: Asked) -> Column:
    meaning = listed("How its deadline stands at the time of this list; closed matters: in time or late.")

    def standing(row: object, words: Words) -> Cell:
        return words.term("clock", deadlines.standing(row, asked.at))  # type: ignore[arg-type]

    return Column("clock", listed("Clock"), meaning, standing, width=9, choices=asked.words_of("clock"))


def _area(asked: Asked) -> Column:
    meaning, names = listed("The smallest area it is filed under."), area_names(asked.question)
    return Column("area", listed("Area"), meaning, where, width=16, choices=names)


def _category(asked: Asked) -> Column:
    meaning, words = listed("The category it was filed under."), asked.words_of("category")
    return Column("category", listed("Category"), meaning, word("category", "category"), width=14, choices=words)


def _unit(asked: Asked) -> Column:
    meaning, names = listed("The body responsible for it."), unit_names(asked.question)
    return Column("unit", listed("Unit"), meaning, attribute("unit_name"), width=18, choices=names)


def _source(asked: Asked) -> Column:
    meaning = listed("How it came to the desk.")
    return Column("source", listed("Source"), meaning, word("source", "source"), choices=asked.words_of("source"))


def _forum(_asked: Asked) -> Column:
    return Column("forum", listed("Forum"), listed("The forum that takes it."), attribute("forum"), width=20)


def _days(code: str, label: str, meaning: str, name: str) -> Callable[[Asked], Column]:
    return lambda _asked: Column(code, label, meaning, day(name), "day", 11)


def _text(code: str, label: str, meaning: str, width: int, value: Value | None = None) -> Callable[[Asked], Column]:
    return lambda _asked: Column(code, label, meaning, value or attribute(code), width=width, printed=False)


def _degrees(code: str, label: str) -> Callable[[Asked], Column]:
    meaning = listed("Degrees, WGS-84 (CGCS2000).")
    return lambda _asked: Column(code, label, meaning, attribute(code), "number", 11, False)


COLUMNS: dict[str, Callable[[Asked], Column]] = {
    "number": _number,
    "title": _title,
    "state": _state,
    "clock": _clock,
    "due": _days("due", listed("Due"), listed("The day of its deadline."), "due_at"),
    "area": _area,
    "category": _category,
    "unit": _unit,
    "forum": _forum,
    "opened": _days("opened", listed("Raised on"), listed("The day it was registered."), "opened_at"),
    "closed": _days("closed", listed("Closed on"), listed("The day it was closed."), "closed_at"),
    "source": _source,
    "grade": _text("grade", listed("Grade"), listed("How weighty it was graded."), 14, word("grade", "grade")),
    "parties": _text("parties", listed("Parties"), listed("Who was asked to take part."), 30),
    "clauses": _text("clauses", listed("Clauses kept"), listed("Clauses kept, of those that hold."), 12),
    "occasions": _text("occasions", listed("Occasions"), listed("Occasions that were not called off."), 10),
    "present": _text("present", listed("Attendances"), listed("Attendances at its occasions, added up."), 10),
    "location": _text("location", listed("Place"), listed("Where, in words."), 24),
    "description": _text("description", listed("Description"), listed("What was said about it."), 50),
    "lng": _degrees("lng", listed("Longitude")),
    "lat": _degrees("lat", listed("Latitude")),
}


def beside_of(flow: str) -> list[str]:
    """Those of a flow's columns that stand in a table beside the matter."""
    return [name for name in flows.flow(flow).words("list", "columns") if name in beside.COLUMNS]


def _inside() -> tuple[Column, ...]:
    told = listed("Its number in the system it came from.")
    seen = listed("Whether it has been put on public notice.")
    return (
        Column("source_ref", listed("Number at the source"), told, attribute("source_ref"), width=20, printed=False),
        Column("public", listed("Public"), seen, lambda row, words: words.either(row.public), width=8, printed=False),
        _counted("dispatches", listed("Dispatched"), listed("How often it was dispatched.")),
        _counted("returns", listed("Sent back"), listed("How often a unit sent it back.")),
        _counted("reworks", listed("Reworked"), listed("How often the check found it not done.")),
    )


def _counted(code: str, label: str, meaning: str) -> Column:
    return Column(code, label, meaning, attribute(code), "count", 8, False)
