"""The calendar of the samples: when people report, and when offices work. All moments are aware, in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from services.system import clock
from services.system.settings import settings

_REPORTING = time(7, 30), time(21, 30)
_OFFICE = time(8, 30), time(18)
_SETTLED = timedelta(days=2)
_RECENT = timedelta(days=21)


class Calendar:
    """Draws moments before ``now`` with the weights of a calibration."""

    def __init__(self, rng: Random, told: Mapping[str, Any], now: datetime) -> None:
        self.now = now.replace(microsecond=0)
        self._rng = rng
        self._told = told

    def openings(self, count: int) -> list[datetime]:
        """``count`` moments, in order, over the months of the calibration until two days ago."""
        last = clock.local(self.now - _SETTLED).date()
        days = [last - timedelta(days=back) for back in range(round(self._told["months"] * 30.4), -1, -1)]
        weights = [self._told["weekday"][day.weekday()] * self._told["month"][day.month - 1] for day in days]
        quiet = [self._told["recent_closed"] if last - day < _RECENT else 1.0 for day in days]
        busy = [weight * share for weight, share in zip(weights, quiet, strict=True)]
        drawn = self._rng.choices([clock.start_of(day) for day in days], busy, k=count)
        hours = self._rng.choices(range(24), self._told["hour"], k=count)
        return sorted(
            min(day + timedelta(hours=hour, seconds=self._rng.randrange(3600)), self.now - _SETTLED)
            for day, hour in zip(drawn, hours, strict=True)
        )

    def reported(self, moment: datetime) -> datetime:
        """The last moment, not after ``moment``, at which somebody would report."""
        return self._back_into(moment, *_REPORTING)

    def worked(self, moment: datetime) -> datetime:
        """The last moment, not after ``moment``, at which an office is at work."""
        return self._back_into(moment, *_OFFICE)

    def next_worked(self, moment: datetime) -> datetime:
        """The first moment, not before ``moment``, at which an office is at work."""
        here = clock.local(moment)
        if _OFFICE[0] <= here.time() <= _OFFICE[1]:
            return moment.replace(microsecond=0)
        day = here.date() + timedelta(days=here.time() > _OFFICE[1])
        opens = datetime.combine(day, _OFFICE[0], settings().zone).astimezone(UTC)
        return opens + timedelta(minutes=self._rng.randrange(5, 60))

    def _back_into(self, moment: datetime, first: time, last: time) -> datetime:
        here = clock.local(moment)
        if first <= here.time() <= last:
            return moment.replace(microsecond=0)
        day = here.date() - timedelta(days=here.time() < first)
        ends = datetime.combine(day, last, settings().zone).astimezone(UTC)
        return ends - timedelta(seconds=self._rng.randrange(5400))
