"""Which lines of a sheet name its columns: below titles, over one line or several, with merged cells or without."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from services.importing.reader.delimited import Record
from services.importing.reader.merged_cells import Merges
from services.importing.reader.sheet_words import folded, has_colon, is_value, words

SAMPLE = 60
_SEARCHED = 25
_DEEPEST = 4
_NAME = 80


@dataclass(frozen=True)
class Header:
    """Lines ``first`` to ``last`` of the sample (``last`` < ``first`` when there are none), and a name per column."""

    first: int
    last: int
    names: list[str]


def find(sample: list[Record], merges: Merges) -> Header:
    """The header of a sheet, whose first lines that are not blank are ``sample``."""
    width = _width(sample, merges)
    rows = [(line, (cells + [""] * width)[:width]) for line, cells in sample]
    usual = _usual_width(rows)
    best = max(range(min(len(rows), _SEARCHED)), key=lambda at: (_score(rows, at, usual, merges), -at))
    if _share(rows[best][1], is_value) >= 0.5:
        begins = next(at for at, (_, cells) in enumerate(rows) if 2 * sum(map(bool, cells)) >= usual)
        return Header(begins, begins - 1, [""] * width)
    first, last = _block(rows, best, merges)
    return Header(first, last, _names(rows[first : last + 1], merges))


def _width(sample: list[Record], merges: Merges) -> int:
    """How many columns there are. Lines of a text file may have a comma too many: there the usual number counts."""
    lengths = Counter(len(cells) for _, cells in sample)
    return max(lengths) if merges.known else max(lengths, key=lambda length: (lengths[length], length))


def _usual_width(rows: list[Record]) -> int:
    """How many cells a full line has: three lines in four have at most as many."""
    filled = sorted(sum(map(bool, cells)) for _, cells in rows)
    return max(1, filled[(3 * len(filled) - 1) // 4])


def _share(cells: list[str], wanted: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(map(wanted, filled)) / len(filled) if filled else 0.0


def _score(rows: list[Record], at: int, usual: int, merges: Merges) -> float:
    """How much a line looks like names: full, words we know, no values, and values below where it has words."""
    line, cells = rows[at]
    own = {cell for cell in merges.filled(line, cells) if cell}
    full = min(1.0, len(own) / usual)
    known = _share(cells, lambda cell: folded(cell) in words("header"))
    contrast = sum(_values_below(rows, at, column) for column, cell in enumerate(cells) if cell and not is_value(cell))
    doubt = _share(cells, is_value) + 0.5 * _share(cells, has_colon) + _share(cells, lambda cell: len(cell) > 40)
    return full + 1.5 * known + contrast / usual - doubt - 0.02 * at


def _values_below(rows: list[Record], at: int, column: int) -> bool:
    below = [cells[column] for _, cells in rows[at + 1 : at + 21] if cells[column]]
    return bool(below) and sum(map(is_value, below)) > len(below) / 2


def _block(rows: list[Record], at: int, merges: Merges) -> tuple[int, int]:
    first = last = at
    while last + 1 < len(rows) and last - first < _DEEPEST - 1 and _goes_on(rows, first, last, merges):
        last += 1
    while first > 0 and last - first < _DEEPEST - 1 and _groups(rows, first, last, merges):
        first -= 1
    return first, last


def _goes_on(rows: list[Record], first: int, last: int, merges: Merges) -> bool:
    """Whether the line below still names columns: a merged cell reaches into it, or it fills the gaps of this one."""
    (line, cells), (next_line, below) = rows[last], rows[last + 1]
    if any(is_value(cell) for cell in below if cell):
        return False
    if merges.reaches(rows[first][0], line, next_line):
        return True
    if any(below[left] and below[left + 1] for left, right in merges.across(line) if 0 < right - left < len(cells) - 1):
        return True
    gaps = [not above and bool(name) for above, name in zip(cells, below, strict=True)]
    covered = [bool(above) and not name for above, name in zip(cells, below, strict=True)]
    return any(gaps) and any(covered) and not merges.known and _headed(cells, below)


def _headed(cells: list[str], below: list[str]) -> bool:
    """Whether every gap that is filled below belongs to a heading on its left that has a name below it, too."""
    heading = -1
    for column, (above, name) in enumerate(zip(cells, below, strict=True)):
        heading = column if above else heading
        if name and not above and (heading < 0 or not below[heading]):
            return False
    return True


def _groups(rows: list[Record], first: int, last: int, merges: Merges) -> bool:
    """Whether the line above holds headings of groups of columns: several, merged, and without a colon."""
    (line, above), (_, cells) = rows[first - 1], rows[first]
    names = {cell for cell in above if cell}
    if len(names) < 2 or any(has_colon(name) or is_value(name) or len(name) > 20 for name in names):
        return False
    covered = sum(bool(cell) for cell in merges.filled(line, above))
    if merges.known:
        return bool(merges.across(line)) and covered >= 0.6 * sum(map(bool, cells))
    twice = len({cell for cell in cells if cell}) < sum(map(bool, cells))
    return last == first and twice


def _names(block: list[Record], merges: Merges) -> list[str]:
    lines = [merges.filled(line, cells) for line, cells in block]
    if not merges.known and len(lines) > 1:
        lines = [*(_carried(line) for line in lines[:-1]), lines[-1]]
        # A heading carried over a column that has no name of its own is not its name.
        lines = [_only_named(block, at, line, lines[-1]) for at, line in enumerate(lines)]
    return ["/".join(dict.fromkeys(filter(None, map(_clean, parts))))[:_NAME] for parts in zip(*lines, strict=True)]


def _carried(cells: list[str]) -> list[str]:
    last, carried = "", []
    for cell in cells:
        last = cell or last
        carried.append(last)
    return carried


def _only_named(block: list[Record], at: int, line: list[str], below: list[str]) -> list[str]:
    own = block[at][1]
    return [cell if own[column] or below[column] else "" for column, cell in enumerate(line)]


def _clean(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).lstrip("\ufeff")
