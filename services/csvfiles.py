"""Read somebody else's CSV file: its encoding is found, its size is bounded, and nothing in it is trusted."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.errors import Refused

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
MAX_CELL = 2_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_FORMULA = re.compile(r"\s*([=+]|[-@].*[(|!])", re.DOTALL)


@dataclass(frozen=True)
class Sheet:
    """A file that could be read: its columns, its rows as (line in the file, cells), and its SHA-256."""

    name: str
    digest: str
    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read(path: Path, needed: list[str]) -> Sheet:
    """The sheet at ``path``; Refused when it is no readable CSV file or lacks a ``needed`` column."""
    raw = _bytes(path)
    reader = csv.reader(io.StringIO(_text(raw), newline=""), strict=True)
    columns = [name.strip() for name in next(_lines(reader), (1, list[str]()))[1]]
    _check(columns, needed)
    rows = [(line, cells) for line, cells in _lines(reader) if any(cell.strip() for cell in cells)]
    if not rows:
        raise Refused("The file has a header but no rows. Choose the file that holds the records.")
    return Sheet(path.name, hashlib.sha256(raw).hexdigest(), columns, rows)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell instead of showing it."""
    return _FORMULA.match(cell) is not None


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Refused("There is no file {path}. Check the path.", path=str(path))
    if path.stat().st_size > MAX_BYTES:
        raise Refused("The file is larger than {limit} MB. Split it by year or month.", limit=MAX_BYTES // 1_000_000)
    raw = path.read_bytes()
    if not raw.strip():
        raise Refused("The file is empty. Choose the file that holds the records.")
    if b"\0" in raw:
        raise Refused("This is not a CSV text file. Save the sheet as “CSV UTF-8” and import that.")
    return raw


def _text(raw: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("The characters of the file can't be read. Save the sheet as “CSV UTF-8” and import that.")


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    begins = reader.line_num + 1  # type: ignore[attr-defined]
    try:
        for count, cells in enumerate(reader):
            if count > MAX_ROWS:
                raise Refused("The file has more than {limit} rows. Split it by year or month.", limit=MAX_ROWS)
            yield begins, cells
            begins = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error:
        raise Refused(
            "Row {row} can't be read: a quotation mark is not closed, or a cell is far too long. Correct it.",
            row=begins,
        ) from None


def _check(columns: list[str], needed: list[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        raise Refused(
            "The first row must name the columns, and these are missing: {missing}. Check the file and the mapping.",
            missing=", ".join(missing),
        )
    twice = [name for name in needed if columns.count(name) > 1]
    if twice:
        raise Refused("The column {name} stands there twice. Remove one of the two.", name=twice[0])
