"""Numbers given: every number of every series, ticked off as its matter is met: one byte a number."""

from collections.abc import Iterator

from sqlmodel import Session, select

from models.serial import Serial
from services.keep.explained_gaps import Undone
from services.rights import audit
from services.words.i18n import listed

_THERE, _UNDONE = 1, 2
_MOST, _NAMED = 5_000_000, 100_000
_MISSING = listed("There is no matter with this number: it was removed.")
_BEYOND = listed("This number was never given: the matter was added without the program.")
_AGAIN = listed("This number went with an import that was undone: the matter was added without the program.")


class Series:
    """What the series say was given; ``mark`` each number that is there, then ask for ``problems``."""

    def __init__(self, session: Session, undone: Undone) -> None:
        self._given = {
            # Whatever stands there: a forged number must take neither all the memory nor all day.
            row.series: bytearray(min(max(row.last, 0), _MOST) + 1)
            for row in session.exec(select(Serial).where(Serial.series != audit.SERIES))
        }
        for series, first, last in undone.spans:
            if series in self._given and last < len(self._given[series]):
                self._given[series][first : last + 1] = bytes([_UNDONE]) * (last + 1 - first)
        self._strangers: list[tuple[str, str]] = []

    def mark(self, number: str) -> None:
        """Tick off a number."""
        series, _, running = number.rpartition("-")
        given = self._given.get(series, b"")
        if not (running.isdecimal() and 0 < int(running) < len(given)):
            self._strangers.append((number, _BEYOND))
            return
        if given[int(running)] == _UNDONE:
            self._strangers.append((number, _AGAIN))
        self._given[series][int(running)] = _THERE

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Kind, number and sentence of what is there and was not given, and of what was given and is gone."""
        for number, message in self._strangers:
            yield "inserted", number, message
        for series, given in self._given.items():
            at, left = given.find(0, 1), _NAMED
            while at != -1 and left:
                yield "missing", f"{series}-{at:06d}", _MISSING
                at, left = given.find(0, at + 1), left - 1
