"""Indicators: every figure in the product is one registered function with a definition, a numerator and a denominator.

A function yields (area id, numerator, denominator); totals, areas and trends are sums of those, so a share can't
exceed 1: the numerator is counted inside the denominator. ``n = 0`` is no cases, never 100 %.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, case, true
from sqlmodel import Session, col, func, select

from models.area import Area
from models.deliberation import Verdict
from models.matter import Matter
from models.matter_count import MatterCount
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


def newest_month(session: Session, path: str) -> int | None:
    """The month of the newest issue at or below ``path``; none where there is no issue."""
    here = col(MatterCount.area_id).in_(select(Area.id).where(areas.within(path)))
    query = select(func.max(col(MatterCount.opened_month)))
    return session.exec(query.where(here, MatterCount.flow == "issue", MatterCount.n > 0)).one()


def inside(code: str, counted: dict[int, Count], span: Span) -> Count:
    """The indicator for the months of ``span``, from what ``by_month`` counted over a longer one."""
    found = (count for month, count in counted.items() if span.first <= month <= span.last)
    return sum(found, Count(0, None if definitions()[code].unit == "count" else 0))


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


def _counted(
    session: Session, path: str, flow: str, span: Span | None, whole: ColumnElement[int], part: ColumnElement[int]
) -> Iterator[tuple[int, int, int, int]]:
    # The counts are kept by the database with every change: a figure over a million matters reads some thousand rows.
    wanted = [col(MatterCount.area_id).in_(select(Area.id).where(areas.within(path))), col(MatterCount.flow) == flow]
    if span:
        wanted.append(col(MatterCount.opened_month).between(span.first, span.last))
    query = select(MatterCount.area_id, MatterCount.opened_month, func.sum(whole), func.sum(part)).where(*wanted)
    for area, month, counted, hit in session.exec(
        query.group_by(col(MatterCount.area_id), col(MatterCount.opened_month))
    ):
        if counted:
            yield area, month, int(counted), int(hit)


def _n(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return case((and_(true(), *conditions), col(MatterCount.n)), else_=0)


def _overdue(session: Session, path: str, flow: str, span: Span | None = None) -> Iterator[tuple[int, int, int]]:
    wanted = [col(Matter.area_id).in_(select(Area.id).where(areas.within(path))), matters.overdue(clock.now())]
    if span:
        wanted.append(col(Matter.opened_month).between(span.first, span.last))
    query = select(Matter.area_id, Matter.opened_month, func.count()).where(*wanted, col(Matter.flow) == flow)
    yield from session.exec(query.group_by(col(Matter.area_id), col(Matter.opened_month)))


_IS_OPEN = col(MatterCount.is_open) == true()
_TIMED = and_(~_IS_OPEN, col(MatterCount.timeliness) >= 0)
_IN_TIME = and_(~_IS_OPEN, col(MatterCount.timeliness) == 1)


def _share(session: Session, path: str, flow: str, span: Span, hit: ColumnElement[bool]) -> Counted:
    for area, month, whole, part in _counted(session, path, flow, span, _n(_TIMED), _n(hit)):
        yield area, month, Count(part, whole)
    for area, month, late in _overdue(session, path, flow, span):
        yield area, month, Count(0, late)


@indicator
def open(session: Session, path: str, _span: Span) -> Counted:
    """Open issues, now."""
    for area, month, count, _part in _counted(session, path, "issue", None, _n(_IS_OPEN), _n()):
        yield area, month, Count(count)


@indicator
def overdue(session: Session, path: str, _span: Span) -> Counted:
    """Open issues past their deadline, now."""
    for area, month, count in _overdue(session, path, "issue"):
        yield area, month, Count(count)


@indicator
def raised(session: Session, path: str, span: Span) -> Counted:
    """Issues raised in the span."""
    for area, month, count, _part in _counted(session, path, "issue", span, _n(), _n()):
        yield area, month, Count(count)


@indicator
def closed_rate(session: Session, path: str, span: Span) -> Counted:
    """Closed among those raised in the span that were to be closed."""
    return _share(session, path, "issue", span, _TIMED)


@indicator
def on_time_rate(session: Session, path: str, span: Span) -> Counted:
    """Closed on time among those raised in the span that were to be closed."""
    return _share(session, path, "issue", span, _IN_TIME)


@indicator
def promise_rate(session: Session, path: str, span: Span) -> Counted:
    """Action items accepted on time among those raised in the span that were to be done."""
    return _share(session, path, "action", span, _IN_TIME)


@indicator
def satisfied_rate(session: Session, path: str, span: Span) -> Counted:
    """Satisfied among the residents asked, by the month the topic was raised."""
    query = (
        select(Matter.area_id, Matter.opened_month, func.sum(Verdict.satisfied), func.sum(Verdict.asked))
        .join(Verdict, col(Verdict.matter_id) == Matter.id)
        .where(
            col(Matter.area_id).in_(select(Area.id).where(areas.within(path))),
            col(Matter.opened_month).between(span.first, span.last),
        )
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
