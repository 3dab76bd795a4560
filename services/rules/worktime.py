"""Four clocks: urgent time 紧急工作时 (runs on), work hours 工作时, working days 工作日 and calendar days 自然日.

An amount is in hours or days of its clock; inside, each clock has seconds, of which an hour has 3,600 and a day, also
a working day, 86,400. ``later`` and ``elapsed`` are each other's inverse to the second. Where no time runs, at night
or on a holiday, many moments stand for the same working time: the answer is the first of them.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np

from services.rules import calendars, work_hours
from services.rules.work_hours import Shift
from services.system.settings import settings
from services.words import local_files
from services.words.local_files import Stamp

CLOCKS = ("hour", "work_hour", "work_day", "day")
_UNIT_SECONDS = {"hour": 3600, "work_hour": 3600, "work_day": 86_400, "day": 86_400}
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_MICRO = timedelta(microseconds=1)
# A deadline lies between 1900 and 2200; what is added to it stays within these.
_FIRST, _LAST = date(1850, 1, 1), date(2299, 12, 31)


def seconds(amount: float, clock: str) -> int:
    """An amount of hours or days as whole seconds of its clock."""
    return round(amount * _UNIT_SECONDS[clock])


def add(moment: datetime, amount: float, clock: str) -> datetime:
    """The first moment, in UTC, by which ``amount`` of the clock has passed since ``moment``; negative goes back."""
    return later(moment, seconds(amount, clock), clock)


def between(start: datetime, end: datetime, clock: str) -> float:
    """How many hours or days of the clock lie between two moments; negative when they are the other way round."""
    return elapsed(start, end, clock) / _UNIT_SECONDS[clock]


def later(moment: datetime, count: int, clock: str) -> datetime:
    """``add`` in whole seconds of the clock."""
    if clock in ("hour", "day") or not count:
        return moment.astimezone(UTC) + timedelta(seconds=count)
    table, (day, at) = _table(local_files.stamp(), settings().local_folder), _local(moment)
    found = (table.hours_later if clock == "work_hour" else table.days_later)(day, at, count * _SECOND)
    here = datetime.combine(date.fromordinal(found[0] + _FIRST.toordinal()), time.min) + found[1] * _MICRO
    return here.replace(tzinfo=settings().zone).astimezone(UTC)


def elapsed(start: datetime, end: datetime, clock: str) -> int:
    """``between`` in whole seconds of the clock."""
    if clock in ("hour", "day"):
        return round((end - start) / timedelta(seconds=1))
    table = _table(local_files.stamp(), settings().local_folder)
    passed = table.hours_at if clock == "work_hour" else table.days_at
    return round((passed(*_local(end)) - passed(*_local(start))) / _SECOND)


def _local(moment: datetime) -> tuple[int, int]:
    here = moment.astimezone(settings().zone)
    of_day = ((here.hour * 60 + here.minute) * 60 + here.second) * _SECOND + here.microsecond
    return here.toordinal() - _FIRST.toordinal(), of_day


@dataclass(frozen=True)
class _Table:
    """Working days and microseconds of work before each day, counted once: any span costs two look-ups."""

    days: "array[int]"
    hours: "array[int]"
    kinds: bytes
    shifts: tuple[Shift, ...]

    def hours_at(self, day: int, at: int) -> int:
        """The microseconds worked by a moment."""
        kind = self.kinds[day]
        return self.hours[day] + (self.shifts[kind - 1].worked(at) if kind else 0)

    def days_at(self, day: int, at: int) -> int:
        """The working days passed by a moment, a day being 86,400 seconds however long its hours."""
        kind = self.kinds[day]
        if not kind:
            return self.days[day] * _DAY
        shift = self.shifts[kind - 1]
        return self.days[day] * _DAY + shift.worked(at) * _DAY // shift.total

    def hours_later(self, day: int, at: int, count: int) -> tuple[int, int]:
        """The first day and time of day by which ``count`` more microseconds have been worked."""
        target = self.hours_at(day, at) + count
        found = self._before(self.hours, target)
        return found, self.shifts[self.kinds[found] - 1].when(target - self.hours[found])

    def days_later(self, day: int, at: int, count: int) -> tuple[int, int]:
        """The same for working days."""
        whole, part = divmod(self.days_at(day, at) + count, _DAY)
        found = self._before(self.days, whole + 1 if part else whole)
        shift = self.shifts[self.kinds[found] - 1]
        return found, shift.when(max(1, round(part * shift.total / _DAY)) if part else shift.total)

    def _before(self, counted: "array[int]", target: int) -> int:
        found = bisect_left(counted, target) - 1
        if not 0 <= found < len(self.kinds):
            raise OverflowError("date value out of range")
        return found


@lru_cache(maxsize=2)
def _table(_stamp: Stamp, _folder: Path) -> _Table:
    shifts = work_hours.shifts()
    ordinals = np.arange(_FIRST.toordinal(), _LAST.toordinal() + 1)
    weekdays = (ordinals + 6) % 7
    kinds = np.where(weekdays < 5, weekdays + 1, 0).astype(np.uint8)
    for day, kind in calendars.exceptions().items():
        at = day.toordinal() - _FIRST.toordinal()
        kinds[at] = 0 if kind == "holiday" else kinds[at] or len(shifts)
    lengths = np.array([0, *(shift.total for shift in shifts)], np.int64)[kinds]
    return _Table(_sums(kinds > 0), _sums(lengths), kinds.tobytes(), shifts)


def _sums(counts: np.typing.NDArray[np.generic]) -> "array[int]":
    return array("q", [0, *np.cumsum(counts, dtype=np.int64).tolist()])
