import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from models.area import Area
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services import csvfiles, db, search, vocabulary
from services.errors import Refused
from services.import_rows import RowError
from services.imports import ImportReport, import_matters
from services.mappings import mapping
from services.settings import ROOT
from services.verify import verify

# Real records stay out of the repository: beside it, or in the folder MULIN_REAL names.
REAL = Path(os.environ.get("MULIN_REAL", ROOT.parent / "shared" / "real")) / "pingshan_2018.csv"
TOLD = mapping("pingshan_2018")
M = TOLD.matter
GOOD = {
    M.ref: "1",
    M.opened: "2018-02-08",
    "街道": "龙田街道",
    "社区": "老坑社区",
    M.source: "12345",
    "问题性质": "投诉",
    M.category: "市政设施",
    "问题小类": "公用部件",
    "问题细类": "通讯井盖",
    M.unit: "老坑社区",
    M.outcome: "按期办结",
}
Importer = Callable[..., ImportReport]


@pytest.fixture
def bring(database: str, tmp_path: Path) -> Importer:
    """Import rows given as changes to a good one, as a file in an encoding."""
    assert database

    def run(*changes: dict[str, str], encoding: str = "utf-8", **options: Any) -> ImportReport:
        rows = [{**GOOD, M.ref: str(at + 1), **change} for at, change in enumerate(changes)]
        return import_matters(_file(tmp_path, rows, encoding), "pingshan_2018", **options)

    return run


def _file(folder: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(GOOD))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "ledger.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _all(model: type[SQLModel]) -> list[Any]:
    with db.reading() as session:
        return list(session.exec(select(model)))


def _matter() -> Matter:
    with db.reading() as session:
        return session.exec(select(Matter)).one()


def test_a_row_becomes_a_matter_with_its_first_event(bring: Importer) -> None:
    assert (report := bring({})).new == 1
    matter, (event,) = _matter(), _all(Event)
    assert matter.number.startswith("PS-")
    assert matter.title == "通讯井盖 · 老坑社区"
    assert (matter.state, matter.is_open, matter.on_time) == ("closed", False, True)
    assert (matter.closed_at, matter.due_at) == (None, None)
    assert (matter.opened_at.isoformat(), matter.opened_month) == ("2018-02-07T16:00:00+00:00", 2018 * 12 + 1)
    assert (event.seq, event.action, event.to_state, event.data["row"]) == (1, "import", "closed", GOOD)
    assert report.errors == []


def test_what_was_imported_verifies_and_can_be_found(bring: Importer) -> None:
    bring({}, {M.outcome: "逾期办结"})
    with db.reading() as session:
        assert verify(session).problems == []
        assert len(session.exec(select(Matter.id).where(search.matching(session, "井盖"))).all()) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_read_alike(bring: Importer, encoding: str) -> None:
    assert bring({}, encoding=encoding).new == 1
    assert _matter().title == "通讯井盖 · 老坑社区"


def test_the_second_time_nothing_is_new(bring: Importer) -> None:
    bring({}, {})
    again = bring({}, {}, {M.outcome: "逾期办结"})
    assert (again.new, again.unchanged, again.changed) == (1, 2, 0)
    assert [matter.number[-6:] for matter in _all(Matter)] == ["000001", "000002", "000003"]


def test_a_row_that_says_something_else_now_is_counted_and_left(bring: Importer) -> None:
    bring({})
    again = bring({M.outcome: "逾期办结"})
    assert (again.new, again.unchanged, again.changed) == (0, 0, 1)
    assert _matter().on_time is True


def test_control_signs_are_left_out_of_titles_units_and_areas(bring: Importer) -> None:
    assert bring({M.unit: "老\x1b坑\u202e社区", "社区": "老坑\u2066社区\x85", "问题细类": "通讯\x7f井盖"}).new == 1
    assert _matter().title == "通讯井盖 · 老坑社区"
    assert [unit.name for unit in _all(Organisation)] == ["老坑社区"]


def test_areas_and_units_are_made_once(bring: Importer) -> None:
    bring({}, {})
    bring({}, {}, {"社区": "竹坑社区"})
    names = {area.name: area.path for area in _all(Area)}
    assert len(names) == len(_all(Area)) == 4
    assert names["竹坑社区"].startswith(names["龙田街道"])
    assert [unit.name for unit in _all(Organisation)] == ["老坑社区"]
    assert all(area.geometry and area.schematic and area.lng for area in _all(Area))


def test_a_row_without_street_and_community_hangs_on_the_root(bring: Importer) -> None:
    bring({"街道": "-", "社区": "-", M.unit: "-"})
    matter = _matter()
    assert (matter.area_id, matter.unit_id) == (_all(Place)[0].area_id, None)
    assert matter.title == "通讯井盖 · 坪山区"


def test_a_dry_run_writes_nothing(bring: Importer) -> None:
    assert bring({}, dry_run=True).new == 1
    assert [_all(model) for model in (Matter, Area, Place, Event, AuditLine)] == [[]] * 5


def test_the_audit_line_names_the_file(bring: Importer) -> None:
    bring({}, operator="tester")
    line = _all(AuditLine)[-1]
    assert (line.actor, line.act, line.subject) == ("tester", "import", "ledger.csv")
    assert (line.data["new"], len(line.data["sha256"])) == (1, 64)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({M.opened: "2018-02-30"}, M.opened, "no such date"),
        ({M.opened: ""}, M.opened, "is empty"),
        ({M.opened: "2999-01-01"}, M.opened, "not come yet"),
        ({M.opened: "0001-01-01"}, M.opened, "no such date"),
        ({M.ref: "-"}, M.ref, "is empty"),
        ({M.ref: "9" * 65}, M.ref, "characters long"),
        ({M.opened: "1899-12-31"}, M.opened, "no such date"),
        ({M.opened: "9999-12-31"}, M.opened, "not come yet"),
        ({M.unit: "长" * 97}, M.unit, "characters long"),
        ({"社区": "长" * 65}, "社区", "characters long"),
        ({M.category: "别的"}, M.category, "does not know"),
        ({M.outcome: "办结"}, M.outcome, "does not know"),
        ({M.source: "=HYPERLINK(1)"}, M.source, "does not know"),
        ({"问题细类": "=1+1"}, "问题细类", "formula"),
        ({"问题细类": "@SUM(A1)"}, "问题细类", "formula"),
        ({"问题细类": ""}, "问题细类", "is empty"),
        ({"问题细类": "长" * 3000}, "问题细类", "characters long"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(
    bring: Importer, change: dict[str, str], column: str, words: str
) -> None:
    report = bring({}, change)
    assert (report.refused, report.rows) == (1, 2)
    (error,) = report.errors
    assert (error.row, error.column) == (3, column)
    assert words in error.message.format(**error.params)
    assert _all(Matter) == _all(Area) == []


def test_a_number_that_stands_there_twice_names_the_first(bring: Importer) -> None:
    (error,) = bring({M.ref: "7"}, {M.ref: "7"}).errors
    assert error == RowError(3, M.ref, error.message, {"first": 2})


def test_everything_wrong_with_a_row_is_said_at_once(bring: Importer) -> None:
    assert len(bring({M.category: "x", M.outcome: "x"}).errors) == 2


HEAD = ",".join(GOOD)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (HEAD.encode(), "no rows"),
        (b"a,b\n1,2\n", "these are missing"),
        (f"{HEAD},{M.ref}\n".encode(), "twice"),
        (b"a\0b", "not a CSV text file"),
        (HEAD.encode("utf-16"), "not a CSV text file"),
        (b"\xff\xff\xff", "can't be read"),
        (f'{HEAD}\n"open'.encode(), "Row 2 can't be read"),
        (f"{HEAD}\n{'长' * 1_000_000}\n".encode(), "Row 2 can't be read"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=words):
        import_matters(path, "pingshan_2018")
    assert _all(Place) == []


@pytest.mark.usefixtures("database")
def test_rows_with_too_many_or_too_few_cells_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text(f"{HEAD}\n1,2\n{',' * 40}x\n", encoding="utf-8")
    assert [error.row for error in import_matters(path, "pingshan_2018").errors] == [2, 3]


@pytest.mark.usefixtures("database")
def test_a_missing_file_too_large_a_file_and_an_unknown_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="no file"):
        import_matters(tmp_path / "none.csv", "pingshan_2018")
    with pytest.raises(Refused, match="Choose one of: pingshan_2018"):
        import_matters(tmp_path / "none.csv", "../secrets")
    monkeypatch.setattr(csvfiles, "MAX_BYTES", 10)
    with pytest.raises(Refused, match="larger than"):
        import_matters(_file(tmp_path, [GOOD]), "pingshan_2018")


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
def test_imported_categories_have_words_and_are_not_offered(language: str) -> None:
    for code in TOLD.values.category.values():
        assert vocabulary.term("category", code, language) != code
        assert code not in vocabulary.codes("category")


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} stays out of the repository and is not on this machine")
def test_ten_thousand_real_rows(session: Session) -> None:
    report = import_matters(REAL, "pingshan_2018")
    assert (report.new, report.on_time, report.late, report.refused) == (10_000, 9_076, 924, 0)
    late = session.exec(select(func.count()).where(col(Matter.on_time).is_(False))).one()
    levels = dict(session.exec(select(Area.level, func.count()).group_by(col(Area.level))).all())
    assert (late, levels) == (924, {"district": 1, "street": 6, "community": 23})
    session.rollback()
    assert import_matters(REAL, "pingshan_2018").unchanged == 10_000
