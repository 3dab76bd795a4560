"""Figures: an indicator for an area and a period, with what it was before and its trend by month."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session

from services.engine import events, flows
from services.figures import (  # noqa: F401  (the rates register their indicators)
    comparisons,
    durations,
    follow_up_rates,
    indicators,
    rankings,
    verdict_rate,
)
from services.figures.comparisons import Change
from services.figures.durations import Duration, Lasting
from services.figures.indicators import Ask, Count, Definition, Span
from services.figures.kept_counts import Key
from services.figures.rankings import Ranked
from services.places import areas
from services.places.areas import Scope
from services.system import clock
from services.system.memory.result_cache import Memo

T = TypeVar("T")
PERIODS: dict[str, int | None] = {"month": 1, "quarter": 3, "year": 12, "all": None}
_MINUTE = 60
HEADLINE = (
    *("open", "overdue", "raised", "closed_rate", "on_time_rate"),
    *("paused_share", "promise_rate", "satisfied_rate"),
)
_KEPT = Memo(room=2000, megabytes=32)
# The times of a million issues by category weigh some megabytes.
_TIMES = Memo(room=16, megabytes=32)


@dataclass(frozen=True)
class Figure:
    """One figure as a card shows it. ``trend`` has a value for each of ``months``, None where there were no cases.

    ``change`` says what the difference from ``before`` is worth.
    """

    definition: Definition
    count: Count
    before: Count | None
    months: tuple[int, ...]
    trend: tuple[float | None, ...]
    change: Change | None = None


def span(period: str, back: int = 0) -> Span:
    """The months of the period that ends with this month, or ``back`` periods earlier; "all" has no first."""
    months, this = PERIODS[period], clock.month_of(clock.now())
    if months is None:
        return Span(0, this)
    return Span(this - (back + 1) * months + 1, this - back * months)


def whole(period: str, at: datetime) -> Span:
    """The months of a period that were over at ``at``: a count over them doesn't fall because a month has begun."""
    months, last = PERIODS[period], clock.month_of(at) - 1
    return Span(0, last + 1) if months is None else Span(last - months + 1, last)


def first_day(period: str) -> date | None:
    """The first day of the period that ends with this month; none where everything counts."""
    if PERIODS[period] is None:
        return None
    return clock.local(clock.first_of_month(span(period).first)).date()


def usual(session: Session, path: str, flow: str = "") -> str:
    """The period to begin with: the year, or everything where the newest matter is older than that."""
    newest = indicators.newest_month(session, path, flow)
    return "all" if newest is not None and newest < span("year").first else "year"


def telling(session: Session, path: str, flow: str = "") -> str:
    """The indicator a map begins with: what is open by household, in all without households, else closed in time."""
    if not figure(session, "open", path, "month", flow).count.numerator:
        return "on_time_rate"
    return "density" if figure(session, "density", path, "month", flow).count.denominator else "open"


def moment(session: Session) -> tuple[str, str, int]:
    """What a memory is good for: this database, until the next event or import, for a minute at most."""
    # A clock runs out without any event, so a memory lasts a minute at most.
    return str(session.get_bind().engine.url), events.version(session), _minute()


def _minute() -> int:
    return int(clock.now().timestamp()) // _MINUTE


def forget() -> None:
    """Forget every figure: the next one is counted anew."""
    _KEPT.forget()
    _TIMES.forget()


def kept(session: Session, question: tuple[Hashable, ...], compute: Callable[[], T]) -> T:
    """What ``compute`` says to ``question``, remembered as long as a figure is."""
    return _KEPT.remembered((*question, moment(session)), compute)


def headline(session: Session, path: str, period: str, flow: str = "") -> list[Figure]:
    """The key figures of a flow, for an area and everything below it."""
    return [figure(session, code, path, period, flow) for code in HEADLINE if code in indicators.codes(flow)]


def beside(session: Session, code: str, path: str, over: Span, flow: str = "") -> dict[str, Count]:
    """The indicators without which this one must not be read, for the same matters."""
    asked = flow or flows.first()
    question = ("beside", code, path, over, asked)
    named = indicators.definitions()[code].beside
    return kept(session, question, lambda: {one: indicators.total(session, one, path, over, asked) for one in named})


def figure(session: Session, code: str, path: str, period: str, flow: str = "") -> Figure:
    """One indicator for an area and everything below it, of a flow."""
    asked = flow or flows.first()
    return kept(session, ("figure", code, path, period, asked), lambda: _figure(session, code, path, period, asked))


def lasting(session: Session, ask: Ask) -> dict[Key, Lasting]:
    """How long matters take, at most a minute old: one event more moves no median, and counting takes much longer."""
    question = (str(session.get_bind().engine.url), ask, _minute())
    return _TIMES.remembered(question, lambda: durations.lasting(session, ask))


def lasted(session: Session, path: str, period: str, flow: str = "") -> dict[str, Duration]:
    """How long the matters of a period take at and below an area, by indicator, at most a minute old."""

    def told() -> dict[str, Duration]:
        found = durations.together(lasting(session, Ask(path, span(period), "month", flow)).values())
        return {code: found.told(code) for code in durations.SHARES}

    return _KEPT.remembered(("lasted", path, period, flow, str(session.get_bind().engine.url), _minute()), told)


def _trend(session: Session, path: str, flow: str) -> Span:
    # Twelve whole months, up to the newest matter: one that has just begun has few cases and would look like a fall.
    last = clock.month_of(clock.now()) - 1
    newest = indicators.newest_month(session, path, flow)
    last = last if newest is None else min(last, newest)
    return Span(last - 11, last)


def _figure(session: Session, code: str, path: str, period: str, flow: str) -> Figure:
    definition, year, now = indicators.definitions()[code], _trend(session, path, flow), span(period)
    if definition.now:
        return Figure(definition, indicators.total(session, code, path, now, flow), None, (), ())
    before = span(period, 1) if PERIODS[period] else None
    first = min(year.first, now.first, before.first if before else now.first)
    counted = indicators.by_month(session, code, path, Span(first, now.last), flow)
    months = tuple(range(year.first, year.last + 1))
    trend = tuple(counted.get(month, definition.zero).value for month in months)
    count = indicators.inside(code, counted, now)
    if before is None or (definition.unit == "count" and _too_young(session, path, before, flow)):
        return Figure(definition, count, None, months, trend)
    then = indicators.inside(code, counted, before)
    return Figure(definition, count, then, months, trend, _change(definition, (count, now), (then, before)))


def _too_young(session: Session, path: str, before: Span, flow: str) -> bool:
    """Whether the ledger begins after the period began: then few cases are no quiet time."""
    oldest = indicators.oldest_month(session, path, flow)
    return oldest is None or oldest > before.first


def _change(definition: Definition, now: tuple[Count, Span], then: tuple[Count, Span]) -> Change:
    if definition.unit == "share":
        return comparisons.shares(now[0], then[0])
    return comparisons.numbers(now[0].numerator, then[0].numerator, (days(now[1]), days(then[1])))


def days(span: Span) -> float:
    """The days of a span that have gone by."""
    ends = min(clock.first_of_month(span.last + 1), clock.now())
    return max(0.0, (ends - clock.first_of_month(span.first)).total_seconds() / 86400)


def ranking(session: Session, code: str, here: Scope, period: str, flow: str = "") -> list[Ranked]:
    """The areas one level down, compared fairly by a share, of a flow."""
    question = ("ranking", code, here.path, period, flow)
    return kept(session, question, lambda: _ranking(session, code, here, period, flow))


def _ranking(session: Session, code: str, here: Scope, period: str, flow: str) -> list[Ranked]:
    parts = areas.children(session, here.area_id)
    counted = indicators.rolled_up(session, code, here.path, span(period), parts, flow)
    return rankings.ranked([(part, counted[part.id]) for part in parts], indicators.definitions()[code].better)
