"""Indicators: every figure in the product is one registered function with a definition, a numerator and a denominator.

A function yields (area id, numerator, denominator); totals, areas and trends are sums of those, so a share can't
exceed 1: the numerator is counted inside the denominator. ``n = 0`` is no cases, never 100 %.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import Session, col, func, select

from models.area import Area
from models.deliberation import Verdict
from models.matter import Matter
from services import areas, clock, matters
from services.datafiles import rows


@dataclass(frozen=True)
class Span:
    """Months from first to last, both included, as month numbers."""

    first: int
    last: int


@dataclass(frozen=True)
class Count:
    """A numerator and its denominator; a plain count has no denominator."""

    numerator: int = 0
    denominator: int | None = None

    @property
    def value(self) -> float | None:
        """The figure: the count itself, or the share; none where there are no cases."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: "Count") -> "Count":
        """Sum numerators and denominators."""
        both = None if self.denominator is None and other.denominator is None else 0
        known = (self.denominator or 0) + (other.denominator or 0)
        return Count(self.numerator + other.numerator, both if both is None else known)


@dataclass(frozen=True)
class Definition:
    """A row of data/indicators.csv: what the figure means, in both languages."""

    code: str
    unit: str
    better: str
    words: dict[str, str]
    source: str
    mark: str

    def text(self, part: str, language: str) -> str:
        """``definition``, ``numerator`` or ``denominator`` in a language."""
        return self.words[f"{'zh' if language.startswith('zh') else 'en'}_{part}"]


Counted = Iterable[tuple[int, int, Count]]
Measure = Callable[[Session, str, Span], Counted]

_MEASURES: dict[str, Measure] = {}


def indicator(function: Measure) -> Measure:
    """Register a measure under its own name; data/indicators.csv must define it."""
    _MEASURES[function.__name__] = function
    return function


def registered() -> set[str]:
    """The codes of every indicator that can be computed."""
    return set(_MEASURES)


@lru_cache
def definitions() -> dict[str, Definition]:
    """The definitions by code, in the order they are shown."""
    return {row["indicator"]: _definition(row) for row in rows("indicators.csv")}


def _definition(row: dict[str, str]) -> Definition:
    words = {name: text for name, text in row.items() if name.startswith(("zh_", "en_"))}
    return Definition(row["indicator"], row["unit"], row["better"], words, row["source"], row["mark"])


def by_area(session: Session, code: str, path: str, span: Span) -> dict[int, Count]:
    """The indicator for every area at or below ``path`` that has any cases of its own."""
    found: dict[int, Count] = {}
    for area_id, _, count in _MEASURES[code](session, path, span):
        found[area_id] = found[area_id] + count if area_id in found else count
    return found


def by_month(session: Session, code: str, path: str, span: Span) -> dict[int, Count]:
    """The indicator for every month of the span; months without cases are absent."""
    found: dict[int, Count] = {}
    for _, month, count in _MEASURES[code](session, path, span):
        found[month] = found[month] + count if month in found else count
    return found


def total(session: Session, code: str, path: str, span: Span) -> Count:
    """The indicator for ``path`` and everything below it."""
    start = Count(0, None if definitions()[code].unit == "count" else 0)
    return sum((count for _, _, count in _MEASURES[code](session, path, span)), start)


def rolled_up(session: Session, code: str, path: str, span: Span, parts: list[Area]) -> dict[int, Count]:
    """The indicator for each of ``parts``, everything below each included."""
    own = by_area(session, code, path, span)
    paths = dict(session.exec(select(Area.id, Area.path).where(areas.within(path))).all())
    zero = Count(0, None if definitions()[code].unit == "count" else 0)
    return {
        part.id: sum((count for area, count in own.items() if paths[area].startswith(part.path)), zero)
        for part in parts
    }


def _grouped(
    session: Session, path: str, wanted: list[ColumnElement[bool]], hit: ColumnElement[bool] | None, month: bool
) -> Counted:
    when = col(Matter.opened_month) if month else 0 * col(Matter.area_id)
    numerator = func.count() if hit is None else func.sum(case((hit, 1), else_=0))
    inside = col(Matter.area_id).in_(select(Area.id).where(areas.within(path)))
    query = select(Matter.area_id, when, numerator, func.count()).where(inside, *wanted)
    for area_id, at, part, whole in session.exec(query.group_by(col(Matter.area_id), when)):
        yield area_id, int(at), Count(int(part), None if hit is None else whole)


def _issue(flow: str = "issue") -> ColumnElement[bool]:
    return col(Matter.flow) == flow


def _raised_in(span: Span) -> ColumnElement[bool]:
    return col(Matter.opened_month).between(span.first, span.last)


def _to_be_closed() -> ColumnElement[bool]:
    late_now = and_(matters.is_open(), col(Matter.due_at) < clock.now())
    return or_(and_(~matters.is_open(), col(Matter.on_time).is_not(None)), late_now)


@indicator
def open(session: Session, path: str, _span: Span) -> Counted:
    """Open issues, now."""
    return _grouped(session, path, [_issue(), matters.is_open()], None, month=False)


@indicator
def overdue(session: Session, path: str, _span: Span) -> Counted:
    """Open issues past their deadline, now."""
    return _grouped(session, path, [_issue(), matters.overdue(clock.now())], None, month=False)


@indicator
def raised(session: Session, path: str, span: Span) -> Counted:
    """Issues raised in the span."""
    return _grouped(session, path, [_issue(), _raised_in(span)], None, month=True)


@indicator
def closed_rate(session: Session, path: str, span: Span) -> Counted:
    """Closed among those raised in the span that were to be closed."""
    return _grouped(session, path, [_issue(), _raised_in(span), _to_be_closed()], ~matters.is_open(), month=True)


@indicator
def on_time_rate(session: Session, path: str, span: Span) -> Counted:
    """Closed on time among those raised in the span that were to be closed."""
    hit = and_(~matters.is_open(), col(Matter.on_time).is_(True))
    return _grouped(session, path, [_issue(), _raised_in(span), _to_be_closed()], hit, month=True)


@indicator
def promise_rate(session: Session, path: str, span: Span) -> Counted:
    """Action items accepted on time among those raised in the span that were to be done."""
    due = [_issue("action"), _raised_in(span), _to_be_closed(), col(Matter.state) != "cancelled"]
    return _grouped(session, path, due, and_(~matters.is_open(), col(Matter.on_time).is_(True)), month=True)


@indicator
def satisfied_rate(session: Session, path: str, span: Span) -> Counted:
    """Satisfied among the residents asked, by the month the topic was raised."""
    query = (
        select(Matter.area_id, Matter.opened_month, func.sum(Verdict.satisfied), func.sum(Verdict.asked))
        .join(Verdict, col(Verdict.matter_id) == Matter.id)
        .where(col(Matter.area_id).in_(select(Area.id).where(areas.within(path))), _raised_in(span))
        .group_by(col(Matter.area_id), col(Matter.opened_month))
    )
    for area_id, month, satisfied, asked in session.exec(query):
        yield area_id, month, Count(int(satisfied), int(asked))


@indicator
def density(session: Session, path: str, _span: Span) -> Counted:
    """Open issues against households, now. Households are counted at the buildings, issues anywhere."""
    for area_id, month, count in open(session, path, _span):
        yield area_id, month, Count(count.numerator, 0)
    homes = select(Area.id, Area.households).where(areas.within(path), Area.level == "building")
    for area_id, households in session.exec(homes):
        yield area_id, 0, Count(0, households or 0)
