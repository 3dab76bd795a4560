"""Days 日历: whatever has a day: deadlines, meetings, notices, occasions, and the days that a flow keeps.

A source is a name and the SQL behind it: for each matter a first and a last day or moment. ``[calendar] days`` of a
flow names its sources; a kept field of type day or moment is one too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, String, and_, false, func, literal, or_, union_all
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from models.clause import Clause
from models.deliberation import Publicity
from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.organisation import Organisation
from services.engine import flows, versioned_cache
from services.matters import case_conditions, kept, matters
from services.matters.matters import Filter
from services.rights import reader_texts
from services.rights.permissions import Actor
from services.system import clock

_TABLES: tuple[Any, ...] = (Matter, Meeting, Publicity, Occasion, Clause)
_MATTER, _MEETING, _NOTICE, _OCCASION, _CLAUSE = (table.__table__.c for table in _TABLES)
VIEWS = ("month", "week")
_SECONDS = 60
# How many letters a day has: 2026-11-22.
_DAY = 10


@dataclass(frozen=True)
class Span:
    """Some days in a row, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Source:
    """What gives a matter days: columns of a row of its own, of the matter's id, first and last.

    ``timed`` where it is a moment, ``text`` where it is written in letters; ``holds`` are conditions under which it
    does.
    """

    ref: Any
    matter_id: Any
    first: Any
    last: Any
    timed: bool
    holds: tuple[Any, ...] = ()
    text: bool = False


@dataclass(frozen=True)
class Entry:
    """Something on a day: whose, of which source (``flow.field`` for a kept one), from when to when."""

    matter: Matter
    unit: str
    source: str
    ref: int
    first: date | datetime
    last: date | datetime

    @property
    def at(self) -> datetime | None:
        """When it begins, in the office's time, where it has a time at all."""
        return clock.local(self.first) if isinstance(self.first, datetime) else None


@dataclass(frozen=True)
class Day:
    """A day with how many entries it has in all, and the first of them."""

    date: date
    count: int
    entries: tuple[Entry, ...]


def _due() -> Source:
    return Source(_MATTER.id, _MATTER.id, _MATTER.due_at, _MATTER.due_at, True, (case_conditions.is_open(),))


def _held() -> Any:
    """The occasions that are meetings."""
    return _OCCASION.id.in_(sql_select(_MEETING.occasion_id))


def _meeting() -> Source:
    return replace(_occasion(), holds=(_held(),))


def _publicity() -> Source:
    return Source(_NOTICE.id, _NOTICE.matter_id, _NOTICE.starts_on, _NOTICE.ends_on, False)


def _occasion() -> Source:
    ends = func.coalesce(_OCCASION.ends_at, _OCCASION.starts_at)
    on = (_OCCASION.called_off_at.is_(None), ~_held())
    return Source(_OCCASION.id, _OCCASION.matter_id, _OCCASION.starts_at, ends, True, on)


def _clause() -> Source:
    # What is settled has no day any more, and what hangs on a matter that is over is no longer owed.
    holds = (_CLAUSE.due.is_not(None), _CLAUSE.state == "open", case_conditions.is_open())
    return Source(_CLAUSE.id, _CLAUSE.matter_id, _CLAUSE.due, _CLAUSE.due, False, holds)


SOURCES: dict[str, Callable[[], Source]] = {
    "due": _due,
    "meeting": _meeting,
    "publicity": _publicity,
    "occasion": _occasion,
    "clause": _clause,
}


def sources(flow: str) -> list[str]:
    """The sources of a flow's calendar, in the order its folder names them."""
    own = kept.days(flow)
    return [name for name in flows.flow(flow).words("calendar", "days") if name in SOURCES or name in own]


def month(day: date) -> Span:
    """The weeks, Monday to Sunday, that a month lies in."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Span(first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()))


def week(day: date) -> Span:
    """The week that a day lies in."""
    first = day - timedelta(days=day.weekday())
    return Span(first, first + timedelta(days=6))


@dataclass(frozen=True)
class Asked:
    """What is asked of the calendar: the filter, the flows, and whose turn it must be, if anybody's."""

    wanted: Filter
    flows: tuple[str, ...]
    turn: str = ""


def page(session: Session, actor: Actor, asked: Asked, span: Span, most: int) -> list[Day]:
    """Every day of the span with its count and at most ``most`` entries; at most a minute old."""
    question = ("days", asked, span, most)
    return versioned_cache.kept(session, actor, question, lambda: _page(session, actor, asked, span, most), _SECONDS)


def _page(session: Session, actor: Actor, asked: Asked, span: Span, most: int) -> list[Day]:
    counts, first = dict.fromkeys(span.days(), 0), dict[date, list[Entry]]()
    for name, query in _queries(session, actor, asked, span, most):
        for row in session.execute(query):
            day = span.first + timedelta(days=row.day)
            counts[day] += row.n if row.place == 1 else 0
            first.setdefault(day, []).append(_entry(actor, row, name))
    return [Day(day, count, tuple(sorted(first.get(day, ()), key=_order)[:most])) for day, count in counts.items()]


def _entry(actor: Actor, row: Any, name: str) -> Entry:
    first, last = row.first, row.last
    if isinstance(first, str):
        first = last = datetime.fromisoformat(first) if len(first) > _DAY else date.fromisoformat(first)
    return Entry(reader_texts.shown(actor, row.Matter), row.unit or "", name, row.ref, first, last)


def _order(entry: Entry) -> tuple[Any, ...]:
    # What lasts all day stands first, what ends by a deadline last.
    return entry.source == "due", entry.at is not None, entry.at or entry.first, entry.matter.number


def _queries(session: Session, actor: Actor, asked: Asked, span: Span, most: int) -> list[tuple[str, "Select[Any]"]]:
    named: dict[str, list[str]] = {}
    for flow in asked.flows:
        for name in sources(flow):
            named.setdefault(name if name in SOURCES else f"{flow}.{name}", []).append(flow)
    conditions = matters.conditions(session, actor, asked.wanted.with_(flow="", openness=""))
    if asked.turn:
        conditions.append(_turn(asked.turn))
    found = []
    for name, some in named.items():
        source = SOURCES[name]() if name in SOURCES else _kept(*name.split(".", 1))
        here = [*conditions, col(Matter.flow).in_(some)]
        found.append((name, _query(source, here, span, most)))
    return found


def _turn(role: str) -> ColumnElement[bool]:
    mine = ((state.flow, state.code) for state in flows.waiting_for(role))
    return or_(false(), *(and_(col(Matter.flow) == flow, col(Matter.state) == code) for flow, code in mine))


def _kept(flow: str, name: str) -> Source:
    field = kept.days(flow)[name]
    value = kept.value(field)
    return Source(_MATTER.id, _MATTER.id, value, value, field.type == "moment", (), True)


def _query(source: Source, conditions: list[Any], span: Span, most: int) -> "Select[Any]":
    days, first, last = _days(span, source), source.first, source.last
    on = and_(first < days.c.b, last >= days.c.a)
    placed = sql_select(
        days.c.day.label("day"),
        col(Matter.id).label("matter_id"),
        source.ref.label("ref"),
        first.label("first"),
        last.label("last"),
        func.row_number().over(partition_by=days.c.day, order_by=(first, source.ref)).label("place"),
        func.count().over(partition_by=days.c.day).label("n"),
    )
    joined: Any = days.join(source.ref.table, on)
    if source.ref is not _MATTER.id:
        joined = joined.join(Matter, col(Matter.id) == source.matter_id)
    inner = placed.select_from(joined).where(*conditions, *source.holds).subquery()
    query: Select[Any] = (
        sql_select(inner, Matter, col(Organisation.name).label("unit"))
        .join(Matter, col(Matter.id) == inner.c.matter_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(inner.c.place <= most)
        .order_by(inner.c.day, inner.c.place)
    )
    return query


def _days(span: Span, source: Source) -> CTE:
    """The days of the span as a table: which it is, and from where to before where what falls on it must lie."""
    bounds = ((at, day, day + timedelta(days=1)) for at, day in enumerate(span.days()))
    rows = [
        sql_select(literal(at).label("day"), _bound(source, first).label("a"), _bound(source, after).label("b"))
        for at, first, after in bounds
    ]
    return union_all(*rows).cte("days")


def _bound(source: Source, day: date) -> Any:
    if source.text:
        # Kept moments are written in the office's time zone: they begin with their local day.
        return literal(day.isoformat(), String)
    return literal(clock.start_of(day), source.first.type) if source.timed else literal(day, Date)
