"""Spreadsheets as offices make them: each is read into the same few columns and rows."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from services.importing.source.source import Layer, open_source

Build = Callable[[Worksheet], None]
HEADS = ["编号", "名称", "街道", "户数"]
ROWS = [["A1", "一网格", "五一街道", 120], ["A2", "二网格", "五一街道", 80], ["A3", "三网格", "六二街道", 95]]
CELLS = [[str(cell) for cell in row] for row in ROWS]
SHEETS: dict[str, Build] = {}


def sheet(build: Build) -> Build:
    SHEETS[build.__name__] = build
    return build


def _put(ws: Worksheet, top: int, rows: list[list[Any]], left: int = 1) -> None:
    for y, row in enumerate(rows, top):
        for x, value in enumerate(row, left):
            if value is not None:
                ws.cell(y, x, value)


@sheet
def plain(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, *ROWS])


@sheet
def title_merged_over_all(ws: Worksheet) -> None:
    ws["A1"] = "某某街道网格基本情况台账（2026年）"
    ws.merge_cells("A1:D1")
    _put(ws, 2, [HEADS, *ROWS])


@sheet
def title_and_line_of_unit_and_date(ws: Worksheet) -> None:
    ws["A1"], ws["A2"], ws["D2"] = "网格台账", "填报单位：某某社区", "日期：2026年11月"
    ws.merge_cells("A1:D1")
    ws.merge_cells("A2:B2")
    _put(ws, 3, [HEADS, *ROWS])


@sheet
def blank_lines_and_a_blank_column(ws: Worksheet) -> None:
    _put(ws, 3, [[*HEADS[:2], None, *HEADS[2:]]])
    _put(ws, 5, [[*row[:2], None, *row[2:]] for row in ROWS[:2]])
    _put(ws, 9, [[*row[:2], None, *row[2:]] for row in ROWS[2:]])


@sheet
def begins_further_right(ws: Worksheet) -> None:
    _put(ws, 4, [HEADS, *ROWS], left=3)


@sheet
def totals_in_between_and_at_the_end(ws: Worksheet) -> None:
    ws.merge_cells("A4:C4")
    rows: list[list[Any]] = [
        *ROWS[:2],
        ["小计", None, None, 200],
        ROWS[2],
        ["合  计", None, None, 295],
        [None, "Total", None, 295],
    ]
    _put(ws, 1, [HEADS, *rows])


@sheet
def signatures_below(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, *ROWS])
    _put(ws, 6, [["制表人：张三", None, "审核：李四"], ["备注：数据截至十一月底"], ["填报日期：2026-11-30"]])


@sheet
def street_merged_over_its_rows(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, *ROWS])
    ws["C3"] = None
    ws.merge_cells("C2:C3")


@sheet
def header_with_line_breaks_and_full_width_letters(ws: Worksheet) -> None:
    _put(ws, 1, [["编\n号", "名　称", "街道 ", "户数\r\n"], *ROWS])
    ws["A1"] = "编号\n"


@sheet
def header_repeated_for_printing(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, *ROWS[:2], HEADS, ROWS[2]])


@sheet
def headings_between_the_rows(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, ["一、东片"], *ROWS[:2], ["二、西片"], ROWS[2]])
    ws.merge_cells("A2:D2")
    ws.merge_cells("A5:D5")


@sheet
def numbers_as_text(ws: Worksheet) -> None:
    _put(ws, 1, [HEADS, *CELLS])


@sheet
def everything_at_once(ws: Worksheet) -> None:
    ws["B2"], ws["B3"] = "网格台账", "单位：户"
    ws.merge_cells("B2:E2")
    _put(ws, 5, [HEADS, *ROWS[:2], ["小计", None, None, 200], ROWS[2], ["合计", None, None, 295]], left=2)
    ws["D7"] = None
    ws.merge_cells("D6:D7")
    ws["B12"] = "制表：张三   审核：李四"


def _read(path: Path, build: Build) -> tuple[Layer, list[list[str]], list[int]]:
    book = openpyxl.Workbook()
    build(book.active)
    book.save(path)
    with open_source(path) as source:
        rows = list(source.rows())
    return source.layers[0], [row.cells for row in rows], [row.line for row in rows]


@pytest.mark.parametrize("name", SHEETS)
def test_a_messy_sheet_is_read_as_its_plain_one(tmp_path: Path, name: str) -> None:
    layer, cells, _ = _read(tmp_path / "a.xlsx", SHEETS[name])
    assert [column.replace(" ", "") for column in layer.columns] == HEADS
    assert cells == CELLS
    assert layer.rows == 3


def test_rows_carry_the_number_the_spreadsheet_shows(tmp_path: Path) -> None:
    _, _, lines = _read(tmp_path / "a.xlsx", blank_lines_and_a_blank_column)
    assert lines == [5, 6, 9]


def test_what_was_left_out_is_counted(tmp_path: Path) -> None:
    layer, _, _ = _read(tmp_path / "a.xlsx", totals_in_between_and_at_the_end)
    told = {note.message.partition(" left out")[0]: note.params for note in layer.notes}
    assert told == {"Rows with totals": {"count": 3, "first": 4}}


def test_a_header_of_two_lines_with_merged_cells(tmp_path: Path) -> None:
    def build(ws: Worksheet) -> None:
        _put(ws, 1, [["事项台账"], ["编号", "所在区域", None, "时限", None], [None, "街道", "社区", "受理", "办结"]])
        for merged in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
            ws.merge_cells(merged)
        _put(ws, 4, [["A1", "五一街道", "一社区", date(2026, 1, 2), datetime(2026, 1, 3, 9, 12)]])

    layer, cells, _ = _read(tmp_path / "a.xlsx", build)
    assert layer.columns == ["编号", "所在区域/街道", "所在区域/社区", "时限/受理", "时限/办结"]
    assert cells == [["A1", "五一街道", "一社区", "2026-01-02", "2026-01-03 09:12:00"]]


def test_a_header_of_two_lines_in_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,区域,,户数\n,街道,社区,\nA1,五一街道,一社区,12\nA2,五一街道,二社区,13\n", encoding="utf-8")
    with open_source(path) as source:
        assert source.layers[0].columns == ["编号", "区域/街道", "区域/社区", "户数"]
        assert [row.cells[0] for row in source.rows()] == ["A1", "A2"]


def test_empty_and_double_names_get_names_of_their_own(tmp_path: Path) -> None:
    def build(ws: Worksheet) -> None:
        _put(ws, 1, [["编号", "电话", None, "电话"], ["A1", "1", "x", "2"], ["A2", "3", "y", "4"]])

    layer, _, _ = _read(tmp_path / "a.xlsx", build)
    assert layer.columns == ["编号", "电话", "Column 3", "电话 2"]


def test_a_sheet_without_a_header_keeps_its_first_row(tmp_path: Path) -> None:
    def build(ws: Worksheet) -> None:
        _put(ws, 1, [[100001 + i, date(2026, 1, 1 + i), 3 * i, "x"] for i in range(5)])

    layer, cells, _ = _read(tmp_path / "a.xlsx", build)
    assert layer.columns == ["Column 1", "Column 2", "Column 3", "Column 4"] and len(cells) == 5


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12.0, "12"),
        (0.1, "0.1"),
        ("430103199001011234", "430103199001011234"),
        ("007", "007"),
        ("１２Ａ", "１２Ａ"),
        (date(2026, 11, 3), "2026-11-03"),
        (datetime(2026, 11, 3, 9, 12), "2026-11-03 09:12:00"),
        (True, "TRUE"),
        ("#N/A", ""),
        (1e-7, "0.0000001"),
        ("=cmd()", "=cmd()"),
        ("两行\n文字", "两行\n文字"),
    ],
)
def test_how_a_value_is_written(tmp_path: Path, value: object, written: str) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    assert ws is not None
    _put(ws, 1, [["编号", "名称"], ["A1", value]])
    if written.startswith("="):
        ws["B2"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    with open_source(tmp_path / "a.xlsx") as source:
        assert [row.cells for row in source.rows()] == [["A1", written]]


def test_records_that_only_look_like_totals_and_remarks_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["备注：门口有水,已处理", "合计多收十元,退费", "总计,请核对小区水费总计金额", "说明,x", "12:30,y"]
    path.write_text("\n".join(["标题,内容", *rows]) + "\n", encoding="utf-8")
    with open_source(path) as source:
        assert [",".join(row.cells) for row in source.rows()] == rows


def test_a_sheet_of_libreoffice(tmp_path: Path) -> None:
    names = {"office": "office:1.0", "table": "table:1.0", "text": "text:1.0"}
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}"' for name, urn in names.items())
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in [HEADS, *CELLS]
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="网格">{rows}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr(
            "content.xml", f"<office:document-content {spaces}>{body}</office:body></office:document-content>"
        )
    with open_source(tmp_path / "a.ods") as source:
        assert (source.kind, source.layers[0].name, source.layers[0].columns) == ("ods", "网格", HEADS)
        assert [row.cells for row in source.rows()] == CELLS
