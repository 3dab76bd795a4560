"""Whatever somebody sends ends as rows or as a sentence; never as a crash, never as another file's content."""

import codecs
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from xlsxwriter import Workbook

from services.importing.source import size_limits
from services.importing.source.source import open_source
from services.system.errors import Refused

HEAD = "编号,名称,街道\n"
TEXT = HEAD + "".join(f"A{number},网格{number},五一街道\n" for number in range(1, 30))
DAMAGED = "The file is damaged or was cut off. Copy or export it again."
PASSWORD = "The file is protected with a password. Open it, remove the password and save it again."


def _file(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _cells(path: Path) -> list[list[str]]:
    with open_source(path) as source:
        return [row.cells for row in source.rows()]


def _refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        open_source(path)
    return refused.value.message


def _book(path: Path, rows: int = 40) -> Path:
    with Workbook(path) as book:
        sheet = book.add_worksheet("网格")
        for y, row in enumerate([HEAD.strip().split(","), *([f"A{n}", f"网格{n}", "五一街道"] for n in range(rows))]):
            sheet.write_row(y, 0, row)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_text_in_every_encoding_and_with_every_separator(tmp_path: Path, encoding: str, mark: str) -> None:
    path = _file(tmp_path, TEXT.replace(",", mark).encode(encoding), "a.txt")
    with open_source(path) as source:
        assert (source.kind, source.layers[0].columns, source.layers[0].rows) == ("csv", ["编号", "名称", "街道"], 29)
        assert next(source.rows()) == (2, ["A1", "网格1", "五一街道"], None, None)


def test_western_letters_are_no_chinese(tmp_path: Path) -> None:
    text = "id,quartier,rue\n" + "".join(f"{n},Montréal,Rue Hôtel-de-Ville à l’été\n" for n in range(20))
    assert _cells(_file(tmp_path, text.encode("cp1252")))[0] == ["0", "Montréal", "Rue Hôtel-de-Ville à l’été"]


def test_line_breaks_in_quotes_and_the_rows_a_spreadsheet_would_count(tmp_path: Path) -> None:
    path = _file(tmp_path, '编号,内容\n\nA1,"一\n二, ""三"""\n\nA2,x\n')
    with open_source(path) as source:
        assert [(row.line, row.cells) for row in source.rows()] == [(3, ["A1", '一\n二, "三"']), (5, ["A2", "x"])]


def test_the_first_line_may_name_the_separator(tmp_path: Path) -> None:
    path = _file(tmp_path, "sep=;\na;b\n1,5;2\n3;4\n")
    with open_source(path) as source:
        assert [(row.line, row.cells) for row in source.rows()] == [(3, ["1,5", "2"]), (4, ["3", "4"])]


def test_rows_can_be_read_twice_and_the_folder_goes(tmp_path: Path) -> None:
    source = open_source(_file(tmp_path, TEXT), "台账.csv")
    assert list(source.rows()) == list(source.rows())
    assert (source.name, len(source.digest)) == ("台账.csv", 64)
    folder = source._folder.path
    source.close()
    assert not folder.exists()


def test_a_row_of_another_length_is_at_fault(tmp_path: Path) -> None:
    path = _file(tmp_path, TEXT + "A30,网格30\nA31,网格31,五一街道,x\nA32,网格32,五一街道,\n")
    with open_source(path) as source:
        faults = {row.line: row.fault.params for row in source.rows() if row.fault}
    assert faults == {31: {"found": 2, "expected": 3}, 32: {"found": 4, "expected": 3}}


def test_control_characters_never_reach_the_rows(tmp_path: Path) -> None:
    assert _cells(_file(tmp_path, "a,b\n1,x\x1fy\x1ez\x07\n2,q\n"))[0] == ["1", "x y z"]


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (HEAD.encode(), "The file has a header but no rows"),
        (b"a,b\n1,\x00\x00\x01\n", "This is not a CSV text file"),
        (b"a,b\n" + b"\xff\xff\xfe" * 9 + b"\n", "The characters of the file"),
        (TEXT.encode()[:-6], "The file ends in the middle of a character"),
        (b'a,b\n1,"x\n2,y\n', "Row {row} can't be read"),
        (b"%PDF-1.7 ...", "This is a {type} file"),
        (b"\x89PNG\r\n\x1a\n...", "This is a {type} file"),
        (b"\x00\x00\x27\x0a" + bytes(96), "A Shapefile has several parts"),
        (b"<?xml version='1.0'?><gpx></gpx>", "This is an XML file"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "This is a workbook in",
        ),
        (b'{"a": 1}', "This is a JSON file"),
        (b'{"type": "FeatureCollection", "features": [', "The file is no GeoJSON"),
        (b"[" * 100_000 + b"{", "The file is no GeoJSON"),
        (b"PK\x03\x04 not really", DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
    ],
    ids=str,
)
def test_what_is_no_table_ends_in_a_sentence(tmp_path: Path, content: bytes, begins: str) -> None:
    content = b'{"features":' + content if content.startswith(b"[[") else content
    assert _refusal(_file(tmp_path, content, "a.xlsx")).startswith(begins)


def test_a_missing_file(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "no.csv").startswith("There is no file")


def test_the_first_bytes_decide_not_the_name(tmp_path: Path) -> None:
    assert len(_cells(_file(tmp_path, TEXT, "a.xlsx"))) == 29
    _book(tmp_path / "b.xlsx").rename(tmp_path / "b.csv")
    assert len(_cells(tmp_path / "b.csv")) == 40


def test_a_web_page_called_xls(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset=gb2312><script>x = '<td>'</script></head><table><tr><td colspan=3>台账</tr>"
        "<tr><th>编号<th>名称<th>户数</tr><tr><td rowspan=2>A1<td>一<br>网格<td>1</tr><tr><td>二&amp;<td>2</tr></table>"
    )
    with open_source(_file(tmp_path, page.encode("gb18030"), "a.xls")) as source:
        assert (source.kind, source.layers[0].columns) == ("html", ["编号", "名称", "户数"])
        assert [row.cells for row in source.rows()] == [["A1", "一\n网格", "1"], ["A1", "二&", "2"]]


@pytest.mark.parametrize("share", range(1, 10))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_cut_off_anywhere_is_refused_or_begins_as_the_whole(tmp_path: Path, kind: str, share: int) -> None:
    whole = TEXT.encode() if kind == "csv" else _book(tmp_path / "whole.xlsx").read_bytes()
    path = _file(tmp_path, whole[: len(whole) * share // 10])
    try:
        source = open_source(path)
    except Refused:
        return
    assert kind == "csv"
    with source:
        full = [line.split(",") for line in TEXT.splitlines()[1:]]
        found = list(source.rows())
        assert [row.cells for row in found[:-1]] == full[: len(found) - 1]
        assert found[-1].fault or found[-1].cells[:2] == full[len(found) - 1][:2]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(120):
                part.write(b" " * 1_000_000)
    assert _refusal(path).startswith("The file unpacks to far more")


def test_a_cell_at_the_end_of_the_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    assert "Delete empty rows and columns" in _refusal(path)


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, ",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "1," * 999_999 + "1\n")
    assert _refusal(path).startswith("The sheet has {found} columns")


def test_too_many_columns_and_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"c{n}" for n in range(size_limits.MAX_COLUMNS + 1))
    assert _refusal(_file(tmp_path, f"{wide}\n{wide.replace('c', '')}\n")).startswith("The sheet has {found} columns")
    monkeypatch.setattr("services.importing.source.source.MAX_BYTES", 10)
    assert _refusal(_file(tmp_path, TEXT)).startswith("The file is larger than")


def test_a_cell_that_is_far_too_long_is_a_fault_of_its_row(tmp_path: Path) -> None:
    path = _file(tmp_path, f"a,b\n1,{'x' * 40_000}\n2,y\n")
    with open_source(path) as source:
        first, second = source.rows()
    assert first.fault and first.fault.params == {"length": 40_000, "limit": size_limits.MAX_CELL} and not second.fault


def test_formulas_give_their_values_and_macros_are_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "户数", "面积"])
        sheet.write_row(1, 0, ["A1", 3, 4])
        sheet.write_formula("B2", "=1+2", None, 3)
        sheet.write_formula("C2", "=1+2", None, "")
        (tmp_path / "vba.bin").write_bytes(b"x")
        book.add_vba_project(str(tmp_path / "vba.bin"))
    with open_source(path) as source:
        assert [row.cells for row in source.rows()] == [["A1", "3", ""]]
        notes = [note.message for note in source.layers[0].notes]
    assert any(note.startswith("The workbook holds macros") for note in notes)


def test_a_formula_that_was_never_counted_is_empty_and_said_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["编号", "户数"], ["A1", "=1+2"], ["A2", "=SUM(B2)"], ["A3", 7]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with open_source(tmp_path / "a.xlsx") as source:
        assert [row.cells for row in source.rows()] == [["A1", ""], ["A2", ""], ["A3", "7"]]
        assert [note.params for note in source.layers[0].notes] == [{"count": 2}]


def test_sheets_are_layers_and_hidden_ones_come_last(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx") as book:
        for name, hide in (("字典", True), ("空", False), ("台账", False)):
            sheet = book.add_worksheet(name)
            if name != "空":
                sheet.write_row(0, 0, ["编号", name])
                sheet.write_row(1, 0, ["A1", "x"])
            if hide:
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    with open_source(tmp_path / "a.xlsx") as source:
        assert [layer.name for layer in source.layers] == ["台账", "字典"]
        assert [row.cells for row in source.rows(1)] == [["A1", "x"]]
        assert source.layers[1].notes[0].message.startswith("This sheet is hidden")


def test_an_empty_workbook(tmp_path: Path) -> None:
    Workbook(tmp_path / "a.xlsx").close()
    with Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet()
    assert _refusal(tmp_path / "a.xlsx").startswith("The file is empty")


def test_an_archive_of_other_things(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.txt", "x")
    assert _refusal(_file(tmp_path, buffer.getvalue())).startswith("This archive holds no workbook")


def test_the_reader_knows_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_KEY", "secret" * 8)
    from services.importing.source import source as module

    assert not [name for name in module._environment(tmp_path) if name.startswith("MULIN")]


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.importing.source.source._START", "import time; time.sleep(60)")
    monkeypatch.setattr("services.importing.source.source.WALL_SECONDS", 0.2)
    assert _refusal(_file(tmp_path, TEXT)).startswith("Reading the file took longer")


def test_a_reader_that_wants_too_much_memory_is_ended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = _file(tmp_path, codecs.BOM_UTF8 + TEXT.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.importing.source.source._START", "import os; os.abort()")
        assert _refusal(path).startswith("The file can't be read")
    assert "The reader gave up" in caplog.text
    assert len(_cells(path)) == 29
