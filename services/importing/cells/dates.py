"""Dates as offices write them: ISO, 2026年11月3日, 20261103, Excel's day numbers, 11/03/2026 09:12:45 AM, epochs.

Whether 03/04/2026 is March or April is decided over a whole column, by its own days above 12.

A cell is somebody else's text: one longer than any date is none, runs of blanks count as one, and no part of a pattern
may repeat without end, so that no cell keeps the desk waiting.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.system import clock
from services.system.settings import settings

_LONGEST = 64
_HOURS = r"(?P<early>\u4e0a\u5348|\u4e0b\u5348)? ?(?P<h>\d{1,2}) ?[:\u65f6\u70b9] ?(?P<n>\d{1,2})"
_SECONDS = r"(?: ?[:\u5206] ?(?P<s>\d{1,2})(?:[.,]\d{1,9})?\u79d2?)?\u5206?"
_TIME = rf"(?:[T ,]{{0,3}}{_HOURS}{_SECONDS})?"
_HALF = r"(?: ?(?P<half>[AaPp]\.?[Mm]\.?|\u4e0a\u5348|\u4e0b\u5348))?"
_ZONE = r"(?: ?(?P<z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
_END = rf"{_TIME}{_HALF}{_ZONE}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = r"(?P<w>[A-Za-z]{3,9})\.?"
_YEAR = r"(?P<y>(?:19|20|21|22)\d{2})"
_YEAR_FIRST = re.compile(rf"{_YEAR} ?[-/.\u5e74] ?(?P<m>\d{{1,2}}) ?[-/.\u6708] ?(?P<d>\d{{1,2}})(?: ?\u65e5)?{_END}")
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d{{2}}){_END}")
_NAMED = (
    re.compile(rf"{_YEAR}[ -]{{1,3}}{_WORD}[ -]{{1,3}}(?P<d>\d{{1,2}}){_END}"),
    re.compile(rf"(?P<d>\d{{1,2}})[ -]{{1,3}}{_WORD}[ ,-]{{1,3}}{_YEAR}{_END}"),
    re.compile(rf"(?:[A-Za-z]{{3,9}},? )?{_WORD} (?P<d>\d{{1,2}}),? {_YEAR}{_END}"),
)
_COMPACT = re.compile(rf"{_YEAR}(?P<m>\d{{2}})(?P<d>\d{{2}})(?:\s?(?P<h>\d{{2}})(?P<n>\d{{2}})(?P<s>\d{{2}})?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,20})?")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_CLOCK = re.compile(r"(?P<h>\d{1,2})[:\u65f6\u70b9](?P<n>\d{1,2})(?:[:\u5206](?P<s>\d{1,2}))?[\u79d2\u5206]?" + _HALF)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_FIRST_EPOCH, _LAST_EPOCH = 631_152_000, 4_102_444_800  # 1990 to 2100
_EXCEL = datetime(1899, 12, 30)


class Moment(NamedTuple):
    """When, in UTC, and whether the cell told a day only."""

    at: datetime
    day_only: bool


class Ambiguous(ValueError):
    """The day and the month could be either way round."""


def parse(text: str, order: str = "auto") -> Moment:
    """The moment ``text`` says; ``order`` (mdy or dmy) settles 03/04/2026. ValueError when there is no such date.

    Without a time zone of its own it is read in the office's.
    """
    return _parse(_plain(text), order, settings().timezone)


def _plain(text: str) -> str:
    """A cell as the patterns expect it; nothing where it is longer than any date."""
    cell = text.strip()
    return "" if len(cell) > _LONGEST else " ".join(cell.split())


@lru_cache(maxsize=4096)
def _parse(text: str, order: str, zone: str) -> Moment:
    if plain := _iso(text, zone):
        return plain
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _moment(found.groupdict(), int(found["m"]), int(found["d"]), zone)
    if last := _YEAR_LAST.fullmatch(text):
        return _moment(last.groupdict(), *_ordered(int(last["a"]), int(last["b"]), order), zone)
    for pattern in _NAMED:
        if (named := pattern.fullmatch(text)) and named["w"][:3].lower() in _MONTHS:
            month = _MONTHS.index(named["w"][:3].lower()) + 1
            return _moment(named.groupdict(), month, int(named["d"]), zone)
    return _number(text, zone)


def _iso(text: str, zone: str) -> Moment | None:
    """What most files hold, read by the quick way."""
    if text[4:5] != "-" or len(text) < 10 or text[-3:] in ("UTC", "GMT"):
        return None
    try:
        found = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        return None
    if not clock.plausible(found):
        raise ValueError(text)
    local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    return Moment(local.astimezone(UTC), len(text) == 10)


def _ordered(a: int, b: int, order: str) -> tuple[int, int]:
    if order in ("mdy", "dmy"):
        return (a, b) if order == "mdy" else (b, a)
    if a > 12 or b > 12 or a == b:
        return (b, a) if a > 12 else (a, b)
    raise Ambiguous(f"{a}/{b}")


def _moment(parts: dict[str, str | None], month: int, day: int, zone: str) -> Moment:
    year = int(parts["y"] or 0)
    found = date(year + 2000 if year < 100 else year, month, day)
    if not clock.plausible(found):
        raise ValueError(found)
    if parts.get("h") is None:
        return Moment(clock.start_of(found), True)
    hour = _hour(int(parts["h"] or 0), parts.get("half") or parts.get("early"))
    local = datetime(found.year, month, day, hour, int(parts["n"] or 0), int(parts.get("s") or 0))
    if parts.get("z"):
        return _zoned(local, parts["z"] or "")
    return Moment(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), False)


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return 0 if hour == 24 else hour
    after = half[0] in "pP" or half == "\u4e0b\u5348"
    return hour % 12 + 12 if after else hour % 12


def _zoned(local: datetime, zone: str) -> Moment:
    digits = zone.lstrip("+-").replace(":", "")
    minutes = 0 if not digits.isdecimal() else int(digits[:2]) * 60 + int(digits[2:] or 0)
    away = timedelta(minutes=-minutes if zone.startswith("-") else minutes)
    return Moment((local - away).replace(tzinfo=UTC), False)


def _number(text: str, zone: str) -> Moment:
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
        local = _EXCEL + timedelta(seconds=round(float(text) * 86_400))
        return Moment(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), float(text).is_integer())
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        if _FIRST_EPOCH <= seconds <= _LAST_EPOCH:
            return Moment(datetime.fromtimestamp(seconds, UTC), False)
    raise ValueError(text)


def is_date(text: str) -> bool:
    """Whether ``text`` is a date in some way of writing."""
    try:
        parse(text)
    except Ambiguous:
        return True
    except (ValueError, OverflowError):
        return False
    return True


def is_time(text: str) -> bool:
    """Whether ``text`` is a time of day alone."""
    return _CLOCK.fullmatch(_plain(text)) is not None


class Order:
    """Learns from the cells of a column whether the month or the day stands first."""

    def __init__(self) -> None:
        self.open = self.month_first = self.day_first = 0
        self.half = False

    def see(self, text: str) -> None:
        """Take one cell into account."""
        found = _YEAR_LAST.fullmatch(_plain(text))
        if not found:
            return
        a, b = int(found["a"]), int(found["b"])
        self.month_first += a <= 12 < b
        self.day_first += b <= 12 < a
        self.open += a <= 12 and b <= 12 and a != b
        # Who writes AM and PM beside slashes writes the month first.
        self.half = self.half or bool(found["half"])

    @property
    def decided(self) -> str:
        """``mdy`` or ``dmy``; ``auto`` where no cell needs to know; nothing where it can't be told."""
        if self.month_first > self.day_first:
            return "mdy"
        if self.day_first > self.month_first:
            return "dmy"
        return "auto" if not self.open else "mdy" if self.half else ""


def order_of(cells: Iterable[str]) -> str:
    """What ``Order`` learns from all of ``cells``."""
    learned = Order()
    for cell in cells:
        learned.see(cell)
    return learned.decided
