"""Workbooks, read back with another library: what a spreadsheet would take for a formula, a link or a number."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from services.exporting import sheets
from services.exporting.lists.list_columns import Column, Extract, Meaning, Words, attribute

WORDS = Words("en")
PAYLOADS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "http://example.com/?q=1",
    "mailto:x@example.com",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "430103199901011234",
    "007",
    "1e5",
    "</t></is></c><c><f>1+1</f></c>",
    "_x000D_",
    "a\x00b\x1fc",
]


def made(tmp_path: Path, rows: list[Any], columns: tuple[Column, ...] | None = None, **more: Any) -> Any:
    extract = Extract(
        name="x",
        title="Ledger",
        unit="Office",
        scope="Office › Grid",
        asked=(("Clock", "Overdue"),),
        columns=columns or (Column("text", "Title", "What it is.", attribute("text"), width=20),),
        count=len(rows),
        rows=lambda: rows,
    )
    path = tmp_path / "x.xlsx"
    sheets.write(path, replace(extract, **more), WORDS, "A & B 2026")
    return openpyxl.load_workbook(path)


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    book = made(tmp_path, [SimpleNamespace(text=payload) for payload in PAYLOADS])
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    read = [row[1] for row in book["List"].iter_rows(min_row=6)]
    assert [cell.data_type for cell in read] == ["s"] * len(PAYLOADS)
    assert {cell.number_format for cell in read} == {"@"}
    kept = [cell.value for cell in read]
    assert kept[13] == "430103199901011234"
    assert kept[14] == "007"
    assert kept[16] == PAYLOADS[16]
    assert kept[18] == "abc"
    with ZipFile(tmp_path / "x.xlsx") as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets" in name)


def test_the_sheet_is_ready_to_be_printed_and_filed(tmp_path: Path) -> None:
    far = Column("far", "Note", "More.", attribute("text"), printed=False)
    near = Column("text", "Title", "What it is.", attribute("text"))
    sheet = made(tmp_path, [SimpleNamespace(text="路灯")] * 3, (near, far))["List"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "Ledger",
        "Reporting unit: Office    Area: Office › Grid    A & B 2026",
        "Clock: Overdue    3 rows",
    ]
    assert [cell.value for cell in sheet[5]] == ["No.", "Title", "Note"]
    assert [cell.value for cell in sheet[6]] == [1, "路灯", "路灯"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C6", "A5:C8", "$5:$5")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert str(sheet.print_area).replace("$", "").endswith("A1:B8")
    assert "A && B 2026" in str(sheet.oddFooter.left.text)
    assert "&P" in str(sheet.oddFooter.right.text) or "Page" in str(sheet.oddFooter.right.text)


def test_every_column_and_figure_is_defined(tmp_path: Path) -> None:
    book = made(tmp_path, [], meanings=(Meaning("Open", ("Counts open issues.", "Source: S")),))
    told = {row[0].value: row[1].value for row in book["Definitions"].iter_rows(min_row=2)}
    assert told == {"Title": "What it is.", "Open": "Counts open issues.\nSource: S"}


@pytest.mark.parametrize("choices", [("甲", "乙"), tuple(f"单位{n:04d}" for n in range(900))])
def test_a_column_with_a_vocabulary_offers_it(tmp_path: Path, choices: tuple[str, ...]) -> None:
    column = Column("unit", "Unit", "Who.", attribute("text"), choices=choices)
    book = made(tmp_path, [SimpleNamespace(text="甲")], (column,))
    [offered] = book["List"].data_validations.dataValidation
    assert (str(offered.sqref), offered.type) == ("B6", "list")
    assert book["Word lists"].sheet_state == "hidden"
    assert [row[0].value for row in book["Word lists"].iter_rows()] == list(choices)
    assert f"${len(choices)}" in book.defined_names["list_1"].value


def test_numbers_and_days_are_what_they_are(tmp_path: Path) -> None:
    kinds = {
        "count": 5,
        "number": 112.98,
        "share": 0.5,
        "day": date(2026, 11, 3),
        "moment": datetime(2026, 11, 3, 9, 5),
    }
    columns = tuple(Column(kind, kind, "m", attribute(kind), kind) for kind in kinds)
    sheet = made(tmp_path, [SimpleNamespace(**kinds), SimpleNamespace(**dict.fromkeys(kinds))], columns)["List"]
    read = [cell.value for cell in sheet[6]][1:]
    assert read == [5, 112.98, 0.5, datetime(2026, 11, 3), datetime(2026, 11, 3, 9, 5)]
    assert [cell.value for cell in sheet[7]][1:] == [None] * 5


def test_what_no_cell_can_hold_is_cut(tmp_path: Path) -> None:
    sheet = made(tmp_path, [SimpleNamespace(text="长" * 40_000)])["List"]
    assert len(str(sheet["B6"].value)) == 32_767
