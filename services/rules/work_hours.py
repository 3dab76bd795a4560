"""Work hours 作息: from when to when an office works on each working day, as data, in the office's time zone.

A place's own hours are ``work_hours.csv`` in MULIN_LOCAL_FOLDER.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache, partial
from pathlib import Path

from services.system import data_files
from services.system.settings import DATA, settings
from services.words import local_files
from services.words.cleaning import clean
from services.words.i18n import listed
from services.words.local_files import Checked, Problem, Stamp, Wrong

COLUMNS = ("weekday", "from", "to", "source", "mark")
# Monday to Friday, and the make-up days, which fall on a weekend.
WEEKDAYS = ("1", "2", "3", "4", "5", "workday")
FILE = "work_hours.csv"
_SECOND = 1_000_000
_WEEKDAY = listed("The weekday {value} is unknown. Write 1 (Monday) to 5 (Friday), or workday for make-up days.")
_TIME = listed("There is no such time of day: {value}. Write it as 09:00.")
_ORDER = listed("The hours end before they begin, or overlap with the line before. Correct the times.")
_NO_HOURS = listed("There are no hours for the weekday {value}. Add a line, or remove the file.")


@dataclass(frozen=True)
class Span:
    """A stretch of work on a weekday; times of day in microseconds."""

    weekday: str
    start: int
    end: int
    source: str
    mark: str

    @property
    def text(self) -> str:
        """``09:00–12:00``."""
        return f"{_clock(self.start)}–{_clock(self.end)}"


def _clock(micros: int) -> str:
    minutes = micros // (60 * _SECOND)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class Shift:
    """The work of one day: what has been worked by a time of day, and when so much has been worked."""

    def __init__(self, spans: list[Span]) -> None:
        self._starts = [span.start for span in spans]
        self._done = [0]
        for span in spans:
            self._done.append(self._done[-1] + span.end - span.start)
        self.total = self._done[-1]

    def worked(self, at: int) -> int:
        """The microseconds worked by a time of day."""
        place = bisect_left(self._starts, at) - 1
        return 0 if place < 0 else min(self._done[place] + at - self._starts[place], self._done[place + 1])

    def when(self, worked: int) -> int:
        """The first time of day by which so many microseconds, more than none, have been worked."""
        place = bisect_left(self._done, worked) - 1
        return self._starts[place] + worked - self._done[place]


def spans() -> Checked[Span]:
    """The lines in force, the file they come from, and what is wrong with a local one."""
    return _spans(local_files.stamp(), settings().local_folder)


def shifts() -> tuple[Shift, ...]:
    """The shifts of Monday to Friday, and that of a make-up day."""
    told = spans().rows
    return tuple(Shift([span for span in told if span.weekday == weekday]) for weekday in WEEKDAYS)


@lru_cache(maxsize=2)
def _spans(_stamp: Stamp, _folder: Path) -> Checked[Span]:
    found = local_files.read(FILE, COLUMNS, lambda: partial(_span, {}))
    without = [weekday for weekday in WEEKDAYS if all(span.weekday != weekday for span in found.rows)]
    if not without:
        return found
    rows = tuple(map(partial(_span, {}), data_files.rows(FILE)))
    return Checked(rows, DATA / FILE, tuple(Problem(FILE, 1, _NO_HOURS, {"value": weekday}) for weekday in without))


def _span(last: dict[str, int], cells: dict[str, str]) -> Span:
    told = {column: clean(cells[column])[:120] for column in COLUMNS}
    weekday, start, end = told["weekday"], _micros(told["from"]), _micros(told["to"])
    if weekday not in WEEKDAYS:
        raise Wrong(_WEEKDAY, value=weekday[:40])
    if not last.get(weekday, 0) <= start < end:
        raise Wrong(_ORDER)
    last[weekday] = end
    return Span(weekday, start, end, told["source"], told["mark"])


def _micros(written: str) -> int:
    try:
        at = time.fromisoformat(written)
    except ValueError:
        raise Wrong(_TIME, value=written[:40]) from None
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) // timedelta(microseconds=1)
