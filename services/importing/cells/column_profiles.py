"""Profiles: what a column holds, told from its first cells: dates, degrees, few words, or a number of its own."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from services.importing.cells import dates
from services.importing.mapping import word_lists

if TYPE_CHECKING:
    from services.importing.source.source import Source

SAMPLE = 2000
_PAIR = re.compile(
    r"(?:POINT ?)?(?:\( ?)?(-?\d{1,3}(?:\.\d{1,30})?)(?: ?[,;\uff0c\uff1b] ?| )(-?\d{1,3}(?:\.\d{1,30})?)(?: ?\))?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_SLIPS = 2
_CELLS_LOOKED_AT = 300
# How much of a cell is looked at: a column is known by less.
_SEEN = 400
# What is longer is neither a number nor a point.
_LONGEST = 120


@dataclass
class Profile:
    """A column: its header folded, how many cells are filled, their different words, and shares of what they are."""

    name: str
    key: str
    total: int = 0
    filled: int = 0
    words: dict[str, int] = field(default_factory=dict)
    length: float = 0.0
    dates: float = 0.0
    times: float = 0.0
    numbers: float = 0.0
    counts: float = 0.0
    lng: float = 0.0
    lat: float = 0.0
    points: float = 0.0
    serial: bool = False

    @property
    def unique(self) -> bool:
        """Whether no word stands there twice, but for a slip or two."""
        slips = min(max(_SLIPS, 0.02 * self.filled), 0.1 * self.filled)
        return self.filled > 0 and len(self.words) >= self.filled - slips

    @property
    def few(self) -> bool:
        """Whether the same words come again and again, as in a list one chooses from."""
        return self.filled == 0 or (len(self.words) <= max(12, 0.25 * self.filled) and self.length <= 40)


def number(text: str) -> float | None:
    """``text`` as a finite number; none where it is none."""
    if len(text) > _LONGEST:
        return None
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def counted(text: str) -> float | None:
    """``text`` as a number that may bear a counting word and commas between thousands; none for "about 80"."""
    if len(text) > _LONGEST:
        return None
    plain = text.strip()
    word = next((word for word in word_lists.listing("counted") if plain.endswith(word)), "")
    plain = plain.removesuffix(word).rstrip()
    return number(plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain)


def pair(text: str) -> tuple[float, float] | None:
    """Two numbers in one cell: ``112.97,28.15``, ``POINT (112.97 28.15)``, ``(40.7, -73.9)``."""
    found = _PAIR.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST else None
    return (float(found[1]), float(found[2])) if found else None


def profiles(source: "Source", layer: int, nothing: Iterable[str]) -> list[Profile]:
    """The profiles of all columns of a layer, in the order of the file."""
    columns = source.layers[layer].columns
    empty = {word.casefold() for word in nothing} | {""}
    rows = [[cell[:_SEEN] for cell in row.cells] for row in islice(source.rows(layer), SAMPLE)]
    return [
        _profile(name, [row[at].strip() for row in rows if row[at].strip().casefold() not in empty], len(rows))
        for at, name in enumerate(columns)
    ]


def _profile(name: str, cells: list[str], total: int) -> Profile:
    made = Profile(name, word_lists.folded(name), total, len(cells))
    for cell in cells:
        made.words[cell] = made.words.get(cell, 0) + 1
    # The different cells, spread over all that were seen: what comes often must not hide what comes once.
    seen = list(made.words)
    looked = seen[:: max(1, len(seen) // _CELLS_LOOKED_AT)]
    if not looked:
        return made
    numbers = [number(cell) for cell in looked]
    found = [value for value in numbers if value is not None]
    made.length = sum(map(len, looked)) / len(looked)
    made.dates = sum(map(dates.is_date, looked)) / len(looked)
    made.times = sum(map(dates.is_time, looked)) / len(looked)
    made.numbers = len(found) / len(looked)
    made.counts = sum(counted(cell) is not None for cell in looked) / len(looked)
    made.lng = sum(-180 <= value <= 180 for value in found) / len(looked)
    made.lat = sum(-90 <= value <= 90 for value in found) / len(looked)
    made.points = sum(pair(cell) is not None for cell in looked) / len(looked)
    made.serial = _serial(cells)
    return made


def _serial(cells: list[str]) -> bool:
    """Whether the cells count 1, 2, 3 … down the sheet."""
    return len(cells) > 1 and all(cell == str(at) for at, cell in enumerate(cells, 1))
