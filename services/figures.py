"""Figures: an indicator for an area and a period, with what it was before and its trend by month."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from services import areas, clock, events, indicators, rankings
from services.areas import Scope
from services.indicators import Count, Definition, Span
from services.memo import remembered
from services.rankings import Ranked
from services.rules import rule

PERIODS = {"month": 1, "quarter": 3, "year": 12}
HEADLINE = ("open", "overdue", "raised", "on_time_rate", "promise_rate", "satisfied_rate")
RANKED = ("on_time_rate", "closed_rate")
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
    """The months of the period that ends with this month, or of the one ``back`` periods earlier."""
    last = clock.month_of(clock.now()) - back * PERIODS[period]
    return Span(last - PERIODS[period] + 1, last)


def first_day(period: str) -> date:
    """The first day of the period that ends with this month."""
    return clock.local(clock.first_of_month(span(period).first)).date()


def _moment(session: Session) -> tuple[int, int]:
    # A clock runs out without any event, so a memory lasts a minute at most.
    return events.version(session), int(clock.now().timestamp() // 60)


def headline(session: Session, path: str, period: str) -> list[Figure]:
    """The key figures of an area and everything below it."""
    return [figure(session, code, path, period) for code in HEADLINE]


def figure(session: Session, code: str, path: str, period: str) -> Figure:
    """One indicator for an area and everything below it."""
    key = ("figure", code, path, period, _moment(session))
    return remembered(key, lambda: _figure(session, code, path, period))


def _whole_months() -> Span:
    # The month that has just begun has few cases and would look like a fall.
    this = clock.month_of(clock.now())
    return Span(this - 12, this - 1)


def _figure(session: Session, code: str, path: str, period: str) -> Figure:
    definition, year, now, before = indicators.definitions()[code], _whole_months(), span(period), span(period, 1)
    if code in _NOW_ONLY:
        return Figure(definition, indicators.total(session, code, path, now), None, (), ())
    counted = indicators.by_month(session, code, path, Span(min(year.first, before.first), now.last))
    months = tuple(range(year.first, year.last + 1))
    trend = tuple(counted[month].value if month in counted else None for month in months)
    return Figure(
        definition, indicators.inside(code, counted, now), indicators.inside(code, counted, before), months, trend
    )


def ranking(session: Session, code: str, here: Scope, period: str) -> list[Ranked]:
    """The areas one level down, compared fairly by a share."""
    key = ("ranking", code, here.path, period, _moment(session))
    return remembered(key, lambda: _ranking(session, code, here, period))


def _ranking(session: Session, code: str, here: Scope, period: str) -> list[Ranked]:
    parts = areas.children(session, here.area_id)
    counted = indicators.rolled_up(session, code, here.path, span(period), parts)
    return rankings.ranked([(part, counted[part.id]) for part in parts])


def withheld(count: Count) -> bool:
    """Whether a public figure must not show this count: a cell, or what is left beside it, is too small (1 to 4)."""
    least = rule("public.cell").value
    cells = [count.numerator]
    if count.denominator is not None:
        cells += [count.denominator, count.denominator - count.numerator]
    return any(0 < cell < least for cell in cells)
