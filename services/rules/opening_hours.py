"""Opening hours 开放时间: weekly hours as people write them, read by the words of ``data/opening_words.csv``.

``周一至周五 9:00-12:00，14:00-17:30；周六 9:00-12:00``. What can't be read is not recorded: neither open nor closed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from services.rules import calendars
from services.system import clock
from services.system.data_files import rows

WORKDAY = "workday"
_WEEK = 7
_DAY = 24 * 60
_TIME = r"(?P<time>\d{1,2}[:：]\d{2})"

Token = tuple[str, str]


@dataclass(frozen=True)
class Stretch:
    """From one minute of a day to another, on weekdays 1 to 7 or on working days; past midnight the end is more."""

    days: frozenset[str]
    start: int
    end: int

    def falls_on(self, day: date) -> bool:
        """Whether it holds on this day."""
        return str(day.isoweekday()) in self.days or (WORKDAY in self.days and calendars.is_workday(day))


Hours = tuple[Stretch, ...]
Span = tuple[datetime, datetime]


def spans(hours: Hours, first: date, last: date) -> list[Span]:
    """When it is open from the first day to the last, in the office's time; what touches is one."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    found = [_on(day, part) for day in days for part in hours if part.falls_on(day)]
    return joined(found)


def _on(day: date, part: Stretch) -> Span:
    begin = clock.start_of(day)
    return begin + timedelta(minutes=part.start), begin + timedelta(minutes=part.end)


def joined(found: list[Span]) -> list[Span]:
    """Stretches of time in order, those that touch or overlap as one."""
    whole: list[Span] = []
    for start, end in sorted(found):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        else:
            whole.append((start, end))
    return whole


def holds(hours: Hours, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it is open from the one moment to the other without a break."""
    first, last = clock.local(starts_at).date() - timedelta(days=1), clock.local(ends_at).date()
    return any(start <= starts_at and ends_at <= end for start, end in spans(hours, first, last))


def open_at(hours: Hours, at: datetime) -> bool:
    """Whether it is open at this moment; the end itself is closed."""
    return holds(hours, at, at + timedelta(seconds=1))


@lru_cache(maxsize=4096)
def read(written: str) -> Hours | None:
    """The hours that were written; none where any part of them can't be read."""
    tokens = _tokens(written)
    return _Reader(tokens).hours() if tokens else None


@lru_cache
def _words() -> dict[str, Token]:
    return {row["word"].lower(): (row["kind"], row["value"]) for row in rows("opening_words.csv")}


@lru_cache
def _pattern() -> re.Pattern[str]:
    words = sorted(map(re.escape, _words()), key=len, reverse=True)
    return re.compile(rf"{_TIME}|(?P<word>{'|'.join(words)})|(?P<space>\s)|(?P<other>.)", re.IGNORECASE)


def _tokens(written: str) -> list[Token]:
    found: list[Token] = []
    for match in _pattern().finditer(written):
        if match["other"]:
            return []
        if match["time"]:
            found.append(("time", match["time"].replace("：", ":")))
        elif match["word"] and (token := _words()[match["word"].lower()])[0] != "note":
            found.append(token)
    return found


class _Reader:
    """Reads tokens from left to right: days, then times of them; times without days belong to the days before."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at = tokens, 0

    def hours(self) -> Hours | None:
        try:
            return tuple(self._all())
        except ValueError:
            return None

    def _all(self) -> list[Stretch]:
        found: list[Stretch] = []
        days = frozenset(str(day) for day in range(1, _WEEK + 1))
        while self._at < len(self._tokens):
            days = self._days() or days
            start, end = self._times()
            found.append(Stretch(days, start, end))
            self._skip("and")
        return found

    def _next(self, *kinds: str) -> str | None:
        if self._at == len(self._tokens) or self._tokens[self._at][0] not in kinds:
            return None
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _skip(self, kind: str) -> None:
        while self._next(kind) is not None:
            pass

    def _days(self) -> frozenset[str]:
        found: set[str] = set()
        while (named := self._next("day", "days")) is not None:
            until = self._next("day") if self._next("range") is not None else named
            if until is None:
                raise ValueError
            found |= _between(named, until)
            self._skip("and")
        return frozenset(found)

    def _times(self) -> tuple[int, int]:
        if self._next("all_day") is not None:
            return 0, _DAY
        start = self._next("time")
        between, end = self._next("range"), self._next("time")
        if start is None or between is None or end is None:
            raise ValueError
        first, last = _minutes(start), _minutes(end)
        return first, last if last > first else last + _DAY


def _between(named: str, until: str) -> set[str]:
    if named == until:
        return set(named.split())
    first, last = int(named), int(until)
    return {str((first - 1 + at) % _WEEK + 1) for at in range((last - first) % _WEEK + 1)}


def _minutes(written: str) -> int:
    hours, minutes = map(int, written.split(":"))
    if minutes > 59 or hours * 60 + minutes > _DAY:
        raise ValueError
    return hours * 60 + minutes
