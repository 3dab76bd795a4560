"""Cells: cleaned, found empty or not, read as dates, degrees and counts, or refused with what to do."""

import re
from datetime import datetime
from typing import NamedTuple

from services.importing.cells import dates
from services.importing.cells.column_profiles import counted, number, pair
from services.importing.job.reports import RowError
from services.importing.mapping import word_lists
from services.system import clock
from services.system.errors import listed
from services.words.cleaning import clean

_FORMULA = re.compile(r"\s*(?:=(?!=)|[+\-@](?=.*(?:[A-Z]{2}\(|\|\s*')))", re.DOTALL)
# What a formula begins with.
SIGNS = "=+-@"
_SHORT, _REMEMBERED = 16, 20_000
_MAX_COUNT = 9_999_999

MISSING = (listed("This cell is empty."), listed("Fill it in."))
LONG = (listed("The cell is {length} characters long."), listed("Shorten it to {limit}."))
FORMULA = (listed("The cell holds a formula."), listed("Replace it with its value."))
UNKNOWN = (
    listed("Nobody has said what {value} means."),
    listed("Correct the cell, or say once for the whole file what the word means."),
)
NO_DATE = (listed("There is no such date: {value}."), listed("Write it like {form}."))
WHICH_DATE = (
    listed("{value} may be two dates: it is not clear whether the day or the month stands first."),
    listed("Choose the date format of the file, or write it like {form}."),
)
FUTURE = (listed("The date {value} has not come yet."), listed("Correct it."))
BACKWARDS = (listed("It was closed before it was raised."), listed("Correct one of the two dates."))
NO_DEGREE = (
    listed("{value} is no degree of longitude or latitude."),
    listed("Write decimal degrees such as 112.979306, choose other columns, or leave the cell empty."),
)
SWAPPED = (
    listed("Longitude and latitude are swapped: there is no latitude {value}."),
    listed("Exchange the two columns."),
)
HALF_POINT = (listed("One of the two coordinates is missing."), listed("Fill in both, or leave both empty."))
NO_COUNT = (listed("{value} is no whole number."), listed("Write a number such as 12, or leave the cell empty."))


class Fault(Exception):
    """A cell that can't be taken: the sentence, what to do, and what fills them."""

    def __init__(self, told: tuple[str, str], **params: object) -> None:
        super().__init__(told[0])
        self.told = told
        self.params = params

    def error(self, line: int, column: str) -> RowError:
        """The fault as an error of a row."""
        return RowError(line, column, self.told[0], self.params, self.told[1])


class Emptiness:
    """What counts as nothing: an empty cell, and the words offices write for it."""

    def __init__(self, words: list[str]) -> None:
        self._words = {word.casefold() for word in words or word_lists.listing("nothing")} | {""}
        self._longest = max(map(len, self._words))
        self._tidied: dict[str, str] = {}

    def tidy(self, cell: str) -> str:
        """The cell as text; empty when it says nothing."""
        known = self._tidied.get(cell)
        if known is not None:
            return known
        found = cell.strip() if cell.isprintable() else clean(cell)
        found = "" if len(found) <= self._longest and found.casefold() in self._words else found
        # Most cells of a ledger are words of a short list that come again and again.
        if len(cell) <= _SHORT and len(self._tidied) < _REMEMBERED:
            self._tidied[cell] = found
        return found


def checked(cell: str, limit: int) -> str:
    """``cell``, which is no formula and not longer than ``limit``."""
    if len(cell) > limit:
        raise Fault(LONG, length=len(cell), limit=limit)
    if cell and cell[0] in SIGNS and _FORMULA.match(cell):
        raise Fault(FORMULA)
    return cell


def moment(cell: str, order: str, latest: datetime | None = None) -> dates.Moment:
    """The moment a cell names; it must not lie after ``latest``."""
    try:
        found = dates.parse(cell, order)
    except dates.Ambiguous:
        raise Fault(WHICH_DATE, value=cell[:40], form=clock.today().isoformat()) from None
    except (ValueError, OverflowError):
        raise Fault(NO_DATE, value=cell[:40], form=clock.today().isoformat()) from None
    if latest and found.at > latest:
        raise Fault(FUTURE, value=cell[:40])
    return found


def count(cell: str) -> int:
    """A whole number of at least 0."""
    found = counted(cell)
    if found is None or found != int(found) or not 0 <= found <= _MAX_COUNT:
        raise Fault(NO_COUNT, value=cell[:40])
    return int(found)


class Point(NamedTuple):
    """Degrees as the file has them, before its datum is converted."""

    lng: float
    lat: float


def point(lng: str, lat: str) -> Point | None:
    """The point of two cells; none where both are empty, and at 0, 0, which stands for nowhere."""
    if not lng and not lat:
        return None
    if not lng or not lat:
        raise Fault(HALF_POINT)
    east, north = number(lng), number(lat)
    if east is None or north is None:
        raise Fault(NO_DEGREE, value=(lng if east is None else lat)[:40])
    return _within(east, north)


def pair_point(cell: str) -> Point | None:
    """The point of one cell that holds both numbers; latitude first where only that is possible or it says so."""
    if not cell:
        return None
    found = pair(cell)
    if found is None:
        raise Fault(NO_DEGREE, value=cell[:40])
    first, second = found
    # "(40.7, -73.9)" is how American open data writes latitude and longitude; WKT writes longitude first.
    turned = cell.startswith("(") or abs(second) > 90
    return _within(second, first) if turned else _within(first, second)


def _within(lng: float, lat: float) -> Point | None:
    if lng == 0 and lat == 0:
        return None
    if abs(lat) > 90 >= abs(lng) and abs(lat) <= 180:
        raise Fault(SWAPPED, value=lat)
    if abs(lng) > 180 or abs(lat) > 90:
        raise Fault(NO_DEGREE, value=lng if abs(lng) > 180 else lat)
    return Point(lng, lat)
