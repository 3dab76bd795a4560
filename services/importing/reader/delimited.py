"""Delimited text: its characters and its separator are found, and its records read one by one."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from services.importing.reader.writing import too_wide
from services.importing.source.size_limits import MAX_DRAWING
from services.system.errors import Refused

_SEPARATORS = ",\t;|"
_SAMPLE = 64_000
_WIDEST = 16_384  # columns of the widest spreadsheet
Record = tuple[int, list[str]]


def separator_of(sample: str) -> str:
    """The character that splits the lines of ``sample`` into the most equal number of cells; a comma at least."""
    lines = [line for line in sample.splitlines()[:60] if line.strip()]
    return max(_SEPARATORS, key=lambda mark: _even(lines, mark))


def _even(lines: list[str], mark: str) -> tuple[float, int]:
    """How many of the lines have the usual number of cells, if there are several, and how many cells that is."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=mark) if cells)
    except csv.Error:
        return 0, 0
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0, 0
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    return round(count * min(width, 20) / sum(widths.values()), 3), width


def records(path: Path, encoding: str) -> Iterator[Record]:
    """(row, cells) of the file; the row is counted as a spreadsheet would, a quoted line break does not begin one."""
    csv.field_size_limit(MAX_DRAWING)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE)
        file.seek(0)
        told = _told(sample)
        if told:
            file.readline()
        reader = csv.reader(file, delimiter=told or separator_of(_whole(sample)), strict=True)
        yield from _read(reader, 2 if told else 1)


def _told(sample: str) -> str:
    """The separator that a first line ``sep=;`` names, as Excel writes and understands it."""
    first = io.StringIO(sample.lstrip("\ufeff")).readline().strip()
    return first[4:] if first.lower().startswith("sep=") and len(first) == 5 else ""


def _whole(sample: str) -> str:
    return sample.rpartition("\n")[0] if len(sample) == _SAMPLE and "\n" in sample else sample


def _read(reader: Iterator[list[str]], first: int) -> Iterator[Record]:
    row = first - 1
    try:
        for row, cells in enumerate(reader, first):
            if len(cells) > _WIDEST:
                raise too_wide(len(cells))
            yield row, cells
    except csv.Error:
        raise Refused(
            "Row {row} can't be read: a quotation mark is not closed, or a cell is far too long. Correct it.",
            row=row + 1,
        ) from None
