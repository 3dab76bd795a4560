"""Figures: an indicator for an area and a period, with what it was before and its trend by month."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlmodel import Session

from services import areas, clock, events, indicators, rankings
from services.areas import Scope
from services.indicators import Count, Definition, Span
from services.memo import Memo
from services.rankings import Ranked

T = TypeVar("T")
PERIODS: dict[str, int | None] = {"month": 1, "quarter": 3, "year": 12, "all": None}
HEADLINE = ("open", "overdue", "raised", "on_time_rate", "promise_rate", "satisfied_rate")
RANKED = ("on_time_rate", "closed_rate")
_KEPT = Memo(room=2000)
_NOW_ONLY = ("open", "overdue", "density")


@dataclass(frozen=True)
class Figure:
    """One figure as a card shows it. ``trend`` has a value for each of ``months``, None where there were no cases."""

    definition: Definition
    count: Count
    before: Count | None
    months: tuple[int, ...]
    trend: tuple[float | None, ...]


def span(period: str, back: int = 0) -> Span:
    """The months of the period that ends with this month, or ``back`` periods earlier; "all" has no first."""
    months, this = PERIODS[period], clock.month_of(clock.now())
    if months is None:
        return Span(0, this)
    return Span(this - (back + 1) * months + 1, this - back * months)


def first_day(period: str) -> date | None:
    """The first day of the period that ends with this month; none where everything counts."""
    if PERIODS[period] is None:
        return None
    return clock.local(clock.first_of_month(span(period).first)).date()


def usual(session: Session, path: str) -> str:
    """The period to begin with: the year, or everything where the newest issue is older than that."""
    newest = indicators.newest_month(session, path)
    return "all" if newest is not None and newest < span("year").first else "year"


def telling(session: Session, path: str) -> str:
    """The indicator a map begins with: open issues by household, in all without households, else closed in time."""
    if not figure(session, "open", path, "month").count.numerator:
        return "on_time_rate"
    return "density" if figure(session, "density", path, "month").count.denominator else "open"


def _moment(session: Session) -> tuple[str, str, int]:
    # A clock runs out without any event, so a memory lasts a minute at most.
    return str(session.get_bind().engine.url), events.version(session), int(clock.now().timestamp() // 60)


def forget() -> None:
    """Forget every figure: the next one is counted anew."""
    _KEPT.forget()


def kept(session: Session, question: tuple[Hashable, ...], compute: Callable[[], T]) -> T:
    """What ``compute`` says to ``question``, remembered as long as a figure is."""
    return _KEPT.remembered((*question, _moment(session)), compute)


def headline(session: Session, path: str, period: str) -> list[Figure]:
    """The key figures of an area and everything below it."""
    return [figure(session, code, path, period) for code in HEADLINE]


def figure(session: Session, code: str, path: str, period: str) -> Figure:
    """One indicator for an area and everything below it."""
    return kept(session, ("figure", code, path, period), lambda: _figure(session, code, path, period))


def _trend(session: Session, path: str) -> Span:
    # Twelve whole months, up to the newest issue: a month that has just begun has few cases and would look like a fall.
    last = clock.month_of(clock.now()) - 1
    newest = indicators.newest_month(session, path)
    last = last if newest is None else min(last, newest)
    return Span(last - 11, last)


def _figure(session: Session, code: str, path: str, period: str) -> Figure:
    definition, year, now = indicators.definitions()[code], _trend(session, path), span(period)
    if code in _NOW_ONLY:
        return Figure(definition, indicators.total(session, code, path, now), None, (), ())
    before = span(period, 1) if PERIODS[period] else None
    first = min(year.first, now.first, before.first if before else now.first)
    counted = indicators.by_month(session, code, path, Span(first, now.last))
    months = tuple(range(year.first, year.last + 1))
    trend = tuple(counted[month].value if month in counted else None for month in months)
    then = indicators.inside(code, counted, before) if before else None
    return Figure(definition, indicators.inside(code, counted, now), then, months, trend)


def ranking(session: Session, code: str, here: Scope, period: str) -> list[Ranked]:
    """The areas one level down, compared fairly by a share."""
    return kept(session, ("ranking", code, here.path, period), lambda: _ranking(session, code, here, period))


def _ranking(session: Session, code: str, here: Scope, period: str) -> list[Ranked]:
    parts = areas.children(session, here.area_id)
    counted = indicators.rolled_up(session, code, here.path, span(period), parts)
    return rankings.ranked([(part, counted[part.id]) for part in parts])
