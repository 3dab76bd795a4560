"""Local time: the office's day and month, and how a deadline stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from services.system.settings import settings

# Dates a person may mean; outside, adding a day or a time zone may leave the calendar altogether.
FIRST_YEAR, LAST_YEAR = 1900, 2200
_PRETENDED: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Now, aware, in UTC."""
    return _PRETENDED.get() or datetime.now(UTC)


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` inside the block: how sample records come to have a past."""
    token = _PRETENDED.set(moment)
    try:
        yield
    finally:
        _PRETENDED.reset(token)


def pretended() -> bool:
    """Whether it is another moment than the clock says."""
    return _PRETENDED.get() is not None


def local(moment: datetime) -> datetime:
    """``moment`` in the office's time zone."""
    return moment.astimezone(settings().zone)


def today() -> date:
    """Today at the office."""
    return local(now()).date()


def month_of(moment: datetime) -> int:
    """The office's month as one number, year × 12 + (month − 1): sorts, subtracts, groups on both databases."""
    here = local(moment)
    return here.year * 12 + here.month - 1


def month_label(month: int) -> str:
    """``2026-11`` for a month number."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def plausible(day: date) -> bool:
    """Whether a day lies between 1900 and 2200."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_of(text: str) -> date:
    """The day written as ``2026-11-03``; ValueError when there is none between 1900 and 2200."""
    day = date.fromisoformat(text)
    if not plausible(day):
        raise ValueError(text)
    return day


def start_of(day: date) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time.min, settings().zone).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a local day, in UTC."""
    return start_of(day + timedelta(days=1))


def first_of_month(month: int) -> datetime:
    """The first moment of a month number, in UTC."""
    return start_of(date(month // 12, month % 12 + 1, 1))
