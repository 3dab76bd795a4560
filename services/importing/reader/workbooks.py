"""Workbooks: the values of every sheet. Nothing in them is run: no macro, no formula, no link."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.importing.reader.archives import FAULTS
from services.importing.reader.delimited import Record
from services.importing.reader.merged_cells import Merges
from services.importing.reader.table_rows import Table
from services.importing.reader.writing import Layer
from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import MAX_ROWS, MAX_SHEETS
from services.system.errors import Refused, listed

_MACROS = listed("The workbook holds macros. They were not run; only the values were read.")
_HIDDEN = listed("This sheet is hidden in the workbook.")
_SHEETS = listed("Only the first {limit} sheets were read.")
_UNCOUNTED = listed(
    "Cells with a formula and no value were read as empty: {count}. Open the workbook in Excel or WPS and save it."
)
_ROUNDED = listed(
    "Numbers of more than 15 digits: {count}. A spreadsheet rounds them; write such codes as text, and export again."
)
_TALL = listed("The file has more than {limit} rows. Split it by year or month.")
_EMPTY_FORMULA = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>\s*|<v>\s*</v>\s*)?</c>")
_EXACT = 10**15


def sheets(path: Path, folder: Path) -> list[Layer]:
    """A layer for each sheet that holds something, hidden ones last."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            return _layers(book, folder, _book_notes(path))
    except python_calamine.PasswordError:
        raise Refused(
            "The file is protected with a password. Open it, remove the password and save it again."
        ) from None
    except (CalamineError, *FAULTS):
        raise Refused("The file is damaged or was cut off. Copy or export it again.") from None


def _layers(book: CalamineWorkbook, folder: Path, notes: list[Note]) -> list[Layer]:
    told = [about for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    ordered = sorted(told, key=lambda about: about.visible != SheetVisibleEnum.Visible)
    if len(ordered) > MAX_SHEETS:
        notes = [*notes, Note(_SHEETS, {"limit": MAX_SHEETS})]
    layers = []
    for number, about in enumerate(ordered[:MAX_SHEETS]):
        layer = Layer(folder, number, about.name)
        layer.notes += notes
        if about.visible != SheetVisibleEnum.Visible:
            layer.notes.append(Note(_HIDDEN))
        _read(book.get_sheet_by_name(about.name), layer)
        layers.append(layer)
    return layers


def _read(sheet: CalamineSheet, layer: Layer) -> None:
    if sheet.total_height > MAX_ROWS + 1_000:
        raise Refused(_TALL, limit=MAX_ROWS)
    left = (sheet.start or (0, 0))[1]
    found = sheet.merged_cell_ranges or []
    merges = [(top + 1, west - left, bottom + 1, east - left) for (top, west), (bottom, east) in found if west >= left]
    rounded: list[int] = []
    Table(layer, Merges(merges)).write(_records(sheet, rounded))
    if rounded:
        layer.notes.append(Note(_ROUNDED, {"count": len(rounded)}))


def _records(sheet: CalamineSheet, rounded: list[int]) -> Iterator[Record]:
    for line, values in enumerate(sheet.iter_rows(), 1):
        cells = [value if type(value) is str else _written(value, line, rounded) for value in values]
        yield line, cells


def _written(value: Any, line: int, rounded: list[int]) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if abs(value) >= _EXACT:
            rounded.append(line)
        return _number(value)
    return _moment(value)


def _number(value: float) -> str:
    """As a person would write it: no needless ``.0``, no exponent, no digits that only binary has."""
    if value != value or abs(value) == float("inf"):
        return ""
    if value == int(value):
        return str(int(value))
    short = f"{value:.15g}"
    return short if "e" not in short else f"{value:.20f}".rstrip("0")


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == time.min else whole.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()[:10]
    return str(value)


def _book_notes(path: Path) -> list[Note]:
    if not zipfile.is_zipfile(path):
        return []
    notes = []
    with zipfile.ZipFile(path) as packed:
        if any(name.lower().endswith("vbaproject.bin") for name in packed.namelist()):
            notes.append(Note(_MACROS))
        sheets = [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        if count := sum(_uncounted(packed, name) for name in sheets[:MAX_SHEETS]):
            notes.append(Note(_UNCOUNTED, {"count": count}))
    return notes


def _uncounted(packed: zipfile.ZipFile, name: str) -> int:
    count, rest = 0, b""
    with packed.open(name) as sheet:
        while chunk := sheet.read(1 << 20):
            if b"<f" not in chunk and b"</f" not in rest + chunk:
                rest = chunk[-400:]
                continue
            found = list(_EMPTY_FORMULA.finditer(rest + chunk))
            count += len(found)
            rest = (rest + chunk)[found[-1].end() if found else 0 :][-400:]
    return count
