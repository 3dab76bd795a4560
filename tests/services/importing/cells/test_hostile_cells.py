"""Cells made to keep the desk waiting: each is read or refused at once, whatever is repeated in it."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from services.importing.cells import cells, column_profiles, dates, nearest_words
from services.importing.cells.column_profiles import profiles
from services.importing.mapping import word_lists
from services.importing.source.size_limits import MAX_CELL
from services.importing.source.source import open_source
from tests.timing import cost

STARTS = (
    "2026-1-1",
    "2026\u5e741\u67081\u65e5",
    "1/2/2026",
    "3-May-2026",
    "May 3 2026",
    "POINT",
    "(112.9",
    "12:30",
    "",
)
PUMPS = (" ", "\u3000", "\t", "9", ",", "1,", "-", "T ", " ,", ".", "A", "=", "+A(", "|", "(", "\u4e0a\u5348", "a ")
READERS: dict[str, Callable[[str], object]] = {
    "date": dates.is_date,
    "time": dates.is_time,
    "order": lambda cell: dates.Order().see(cell),
    "point": column_profiles.pair,
    "number": column_profiles.counted,
    "checked": lambda cell: cells.checked(cell, MAX_CELL),
    "word": lambda cell: nearest_words.nearest(cell, {"property": "p", "water": "w"}, 0.5),
    "folded": word_lists.folded,
    "digits": word_lists.digits,
}


def hostile(length: int) -> list[str]:
    return [f"{start}{pump * (length // len(pump))}x"[:MAX_CELL] for start in STARTS for pump in PUMPS]


def _read(reader: str, cell: str) -> None:
    with suppress(cells.Fault):
        READERS[reader](cell)


@pytest.mark.parametrize("reader", READERS)
def test_no_cell_takes_long(reader: str) -> None:
    for cell in hostile(900) + hostile(MAX_CELL):
        assert cost(partial(_read, reader, cell), tries=1) < 0.2, (reader, cell[:12], cell[12:14])


def test_a_file_of_such_cells_is_looked_at_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    lines = [f'"{cell}","{cell[::-1]}"' for cell in hostile(3000) if '"' not in cell]
    path.write_text("\n".join(["opened,title", *lines]), encoding="utf-8")
    with open_source(path) as source:
        assert cost(lambda: profiles(source, 0, ()), tries=1) < 2


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-03",
        "2026-1-1" + " " * 900,
        "2026\u5e7411\u67083\u65e5 9:05",
        "3  Nov  2026",
        "2026 - 11 - 3",
        "2026/11/3T09:00",
    ],
)
def test_blanks_are_no_hindrance_to_a_date(cell: str) -> None:
    assert dates.is_date(cell)


def test_two_numbers_in_a_cell_are_a_point_however_they_are_spaced() -> None:
    written = ("112.97,28.15", "112.97 , 28.15", "112.97   28.15", "POINT (112.97 28.15)", "( 112.97, 28.15 )")
    assert {column_profiles.pair(cell) for cell in written} == {(112.97, 28.15)}
    assert column_profiles.pair("112.97" + " " * 500 + "x") is None
