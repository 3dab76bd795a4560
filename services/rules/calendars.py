"""The working calendar as data: public holidays and make-up working days by year, one file a year.

A day without a row is a working day from Monday to Friday. A place adds or corrects a year with a file of the same
form, ``calendars/2028.csv`` in MULIN_LOCAL_FOLDER.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path

from services.system import clock
from services.system.settings import DATA, settings
from services.words import local_files
from services.words.cleaning import clean
from services.words.i18n import listed
from services.words.local_files import Checked, Problem, Stamp, Wrong

KINDS = ("holiday", "workday")
COLUMNS = ("date", "kind", "zh", "en", "source", "mark")
MISSING = listed("{year}: no calendar is entered, so Monday to Friday count as working days.")
INCOMPLETE = listed("{year}: statutory days only; the arrangement of make-up days is not entered yet.")
_NO_DATE = listed("There is no such date: {value}. Write it as 2027-02-06.")
_OTHER_YEAR = listed("The date {value} is not of the year {year}. Move it to the file of its year.")
_KIND = listed("The kind {value} is unknown. Write holiday or workday.")
_NAMELESS = listed("The day has no name. Write it in the column zh.")
_MARK = listed("The evidence mark {value} is unknown. Write V, S or M.")
_TWICE = listed("The date {value} stands there twice. Remove one of the two lines.")
_NO_YEAR = listed("The name of the file is no year. Call it 2027.csv, for example.")


@dataclass(frozen=True)
class Day:
    """A day that is not what its weekday says; ``kind`` is holiday or workday (a make-up day 调休上班)."""

    date: date
    kind: str
    zh: str
    en: str
    source: str
    mark: str

    def name(self, language: str) -> str:
        """What the day is called."""
        return self.zh if language.startswith("zh") or not self.en else self.en


@dataclass(frozen=True)
class Year:
    """The calendar of one year and the file it comes from. A day marked M is computed, not arranged."""

    year: int
    days: tuple[Day, ...]
    path: Path
    local: bool

    @property
    def complete(self) -> bool:
        """Whether the year's own arrangement is entered."""
        return bool(self.days) and all(day.mark != "M" for day in self.days)


def year(number: int) -> Year | None:
    """The calendar of a year; none when there is no file, or none that can be used."""
    return _book(local_files.stamp(), settings().local_folder)[0].get(number)


def years() -> list[Year]:
    """Every year that has a calendar, first to last."""
    found = _book(local_files.stamp(), settings().local_folder)[0]
    return [found[number] for number in sorted(found)]


def problems() -> tuple[Problem, ...]:
    """What is wrong with local calendars; such a file is not used."""
    return _book(local_files.stamp(), settings().local_folder)[1]


def gaps(numbers: set[int]) -> list[tuple[str, int]]:
    """The sentences about those of the years whose working days are not known in full, each with its year."""
    found = [(number, year(number)) for number in sorted(numbers)]
    return [(INCOMPLETE if kept else MISSING, number) for number, kept in found if not (kept and kept.complete)]


def exceptions() -> dict[date, str]:
    """The kind of every day that is not what its weekday says, in every year known."""
    return {day.date: day.kind for found in years() for day in found.days}


def as_file(number: int) -> bytes:
    """The calendar of a year as a file to start from, with a byte-order mark, so that Excel reads it as UTF-8."""
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    found = year(number)
    for day in found.days if found else ():
        table.writerow({column: getattr(day, column) for column in COLUMNS})
    return written.getvalue().encode("utf-8-sig")


def is_workday(day: date) -> bool:
    """Whether people work on a day: the calendar's word, else Monday to Friday."""
    return _is_workday(_told(local_files.stamp(), settings().local_folder), day)


def _is_workday(told: dict[date, str], day: date) -> bool:
    kind = told.get(day)
    return day.weekday() < 5 if kind is None else kind == "workday"


def workdays(first: date, last: date) -> int:
    """How many working days lie from ``first`` to ``last``, both included; none when they are in the wrong order."""
    length = (last - first).days + 1
    if length <= 0:
        return 0
    weeks, rest = divmod(length, 7)
    plain = 5 * weeks + sum((first.weekday() + day) % 7 < 5 for day in range(rest))
    told = _told(local_files.stamp(), settings().local_folder)
    within = ((day, kind) for day, kind in told.items() if first <= day <= last)
    return plain + sum((kind == "workday") - (day.weekday() < 5) for day, kind in within)


def nth_workday(first: date, count: int) -> date:
    """The ``count``-th working day from ``first`` on, which counts itself; ``first`` when none is asked for."""
    told, day, left = _told(local_files.stamp(), settings().local_folder), first, count
    while left > 0:
        left -= _is_workday(told, day)
        day += timedelta(days=left > 0)
    return day


@lru_cache(maxsize=2)
def _told(_stamp: Stamp, _folder: Path) -> dict[date, str]:
    return exceptions()


@lru_cache(maxsize=2)
def _book(_stamp: Stamp, folder: Path) -> tuple[dict[int, Year], tuple[Problem, ...]]:
    local = sorted(file.name for file in folder.glob("calendars/*.csv"))
    shipped = sorted(file.name for file in (DATA / "calendars").glob("*.csv"))
    names = [name for name in dict.fromkeys(shipped + local) if re.fullmatch(r"\d{4}\.csv", name)]
    read = {int(name[:4]): _read(name) for name in names}
    found = {number: Year(number, one.rows, one.path, one.local) for number, one in read.items() if one.rows}
    odd = [Problem(f"calendars/{name}", 1, _NO_YEAR) for name in local if name not in names]
    return found, tuple(odd) + tuple(problem for one in read.values() for problem in one.problems)


def _read(name: str) -> Checked[Day]:
    return local_files.read(f"calendars/{name}", COLUMNS, lambda: partial(_day, int(name[:4]), set()))


def _day(number: int, seen: set[date], cells: dict[str, str]) -> Day:
    told = {column: clean(cells[column])[:120] for column in COLUMNS}
    found = _date(told["date"], number)
    for wrong, message, value in (
        (told["kind"] not in KINDS, _KIND, told["kind"]),
        (not told["zh"], _NAMELESS, ""),
        (told["mark"] not in ("V", "S", "M"), _MARK, told["mark"]),
        (found in seen, _TWICE, told["date"]),
    ):
        if wrong:
            raise Wrong(message, value=value[:40])
    seen.add(found)
    return Day(found, told["kind"], told["zh"], told["en"], told["source"], told["mark"])


def _date(written: str, number: int) -> date:
    try:
        found = clock.day_of(written)
    except ValueError:
        raise Wrong(_NO_DATE, value=written[:40]) from None
    if found.year != number:
        raise Wrong(_OTHER_YEAR, value=written[:40], year=number)
    return found
