from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.answer import Answer
from models.area import Area
from models.audit import AuditLine
from models.category import LocalCategory
from models.event import Event
from models.importing import ImportBatch
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.flows.issue import issues
from services.importing.batch import batches
from services.importing.mapping import mapping
from services.importing.source.source import open_source
from services.keep.verify import verify
from services.matters import search
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from tests.services.importing.ledgers import ADMIN, COLUMNS, GOOD, bring, everything, file, ledger, told


@pytest.fixture(autouse=True)
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def _area(matter: Matter) -> str:
    with db.reading() as session:
        return session.get_one(Area, matter.area_id).code


def test_a_row_becomes_a_matter_with_its_first_event(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}), told())
    assert (report.new, report.errors, report.written) == (1, [], True)
    (matter,), (event,) = everything(Matter), everything(Event)
    assert (matter.number[:3], matter.title, matter.description) == ("CL-", "路灯不亮", "3栋前的路灯坏了")
    assert (matter.state, matter.is_open, matter.on_time, matter.source) == ("closed", False, True, "patrol")
    assert matter.opened_at == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert matter.closed_at == datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert matter.due_at == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    assert (matter.category, matter.source_ref, matter.import_id) == ("01037", "test:1", report.batch_id)
    assert (event.action, event.to_state, event.data["row"]) == ("import", "closed", GOOD)
    assert _area(matter) == "CL-G1"


def test_what_was_imported_verifies_and_can_be_found(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}, {"状态": "办理中", "办结时间": ""}), told())
    with db.reading() as session:
        assert verify(session).problems == []
        assert len(session.exec(select(Matter.id).where(search.matching(session, "路灯"))).all()) == 2


def test_the_second_time_nothing_changes(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}, {}), told())
    lines = len(everything(AuditLine))
    again = bring(tmp_path, ledger({}, {}), told())
    assert (again.new, again.changed, again.unchanged, again.batch_id) == (0, 0, 2, None)
    assert (len(everything(AuditLine)), len(everything(ImportBatch))) == (lines, 1)
    more = bring(tmp_path, ledger({}, {}, {}), told())
    assert (more.new, more.unchanged) == (1, 2)
    assert [matter.number[-6:] for matter in everything(Matter)] == ["000001", "000002", "000003"]


def test_a_row_that_says_something_else_changes_its_matter(tmp_path: Path) -> None:
    bring(tmp_path, ledger({"状态": "办理中", "办结时间": ""}), told())
    again = bring(tmp_path, ledger({"标题": "路灯修好了"}), told())
    assert (again.new, again.changed) == (0, 1)
    (matter,) = everything(Matter)
    assert (matter.title, matter.state, matter.is_open, matter.on_time) == ("路灯修好了", "closed", False, True)
    event = everything(Event)[-1]
    assert (event.seq, event.action, event.from_state, event.to_state) == (2, "reimport", "in_progress", "closed")
    with db.reading() as session:
        assert verify(session).problems == []
        assert len(session.exec(select(Matter.id).where(search.matching(session, "修好"))).all()) == 1


def test_what_was_moved_on_here_is_kept_and_listed(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}), told())
    (matter,) = everything(Matter)
    with db.writing() as session:
        issues.note(session, Actor(None, "s", "secretary"), matter.number, matter.version, "seen")
    again = bring(tmp_path, ledger({"标题": "别的"}), told())
    assert (again.changed, again.kept, again.written) == (0, 1, False)
    assert matter.number in again.kept_rows[0].message.format(**again.kept_rows[0].params)
    assert everything(Matter)[0].title == "路灯不亮"


def test_the_same_file_read_otherwise_says_something_else(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}), told())
    assert bring(tmp_path, ledger({}), told(values={"category": {"路灯": "90002"}})).changed == 1
    assert everything(Matter)[0].category == "90002"


def test_without_numbers_a_row_is_known_by_what_lasts(tmp_path: Path) -> None:
    columns = {field: held for field, held in COLUMNS.items() if field != "ref"}
    options: dict[str, Any] = {"columns": columns, "identity": ["标题", "内容", "受理时间"]}
    rows = ledger({"工单编号": ""}, {"工单编号": ""}, {"标题": "漏水"})
    assert bring(tmp_path, rows, told(**options)).new == 3
    assert bring(tmp_path, rows, told(**options)).unchanged == 3
    rows[2]["状态"] = "办理中"
    again = bring(tmp_path, rows, told(**options))
    assert (again.new, again.changed, again.unchanged) == (0, 1, 2)


BAD = [
    ({"受理时间": "2026-02-30"}, "受理时间", "no such date"),
    ({"受理时间": ""}, "受理时间", "is empty"),
    ({"受理时间": "2099-01-01"}, "受理时间", "not come yet"),
    ({"受理时间": "0001-01-01"}, "受理时间", "no such date"),
    ({"办结时间": "2026-02-01"}, "办结时间", "before it was raised"),
    ({"办结时间": "2099-02-01"}, "办结时间", "not come yet"),
    ({"工单编号": "-"}, "工单编号", "is empty"),
    ({"标题": ""}, "标题", "is empty"),
    ({"标题": "=1+1"}, "标题", "formula"),
    ({"内容": "@SUM(A1)"}, "内容", "formula"),
    ({"状态": "奇怪"}, "状态", "what 奇怪 means"),
    ({"类别": "奇怪"}, "类别", "what 奇怪 means"),
    ({"来源": "奇怪"}, "来源", "what 奇怪 means"),
    ({"单位": "长" * 97}, "单位", "characters long"),
    ({"网格": "长" * 65}, "网格", "characters long"),
    ({"网格": "没有的网格"}, "网格", "means"),
    ({"经度": "112.98"}, "经度", "One of the two"),
    ({"经度": "abc", "纬度": "28"}, "经度", "no degree"),
    ({"经度": "28.15", "纬度": "112.98"}, "经度", "swapped"),
    ({"经度": "986201", "纬度": "243991"}, "经度", "no degree"),
]


@pytest.mark.parametrize(("change", "column", "words"), BAD)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_bad_cell_is_named_and_nothing_is_written(
    tmp_path: Path, change: dict[str, str], column: str, words: str
) -> None:
    report = bring(tmp_path, ledger({}, change), told())
    assert (report.refused, report.rows, report.written) == (1, 2, False)
    error = report.errors[0]
    assert (error.row, error.column) == (3, column)
    assert words in error.message.format(**error.params)
    assert everything(Matter) == []


def test_good_rows_alone_by_choice(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}, {"标题": ""}, {}), told(), good_rows_only=True)
    assert (report.new, report.refused) == (2, 1)
    batch = everything(ImportBatch)[0]
    assert (batch.rows, batch.new, batch.refused) == (3, 2, 1)


def test_a_number_that_stands_there_twice_names_the_first(tmp_path: Path) -> None:
    (error,) = bring(tmp_path, ledger({}, {"工单编号": "1"}), told()).errors
    assert (error.row, error.params) == (3, {"first": 2})


def test_points_win_over_names_and_none_is_lost(tmp_path: Path) -> None:
    inside, far = {"经度": "112.979306", "纬度": "28.151731"}, {"经度": "1", "纬度": "1"}
    rows = ledger(
        {"网格": "第二网格", **inside},
        {"网格": "", **far},
        {"网格": "第三网格", **far},
        {"网格": "", "经度": "0", "纬度": "0"},
    )
    report = bring(tmp_path, rows, told())
    assert (report.new, report.disagree, report.outside) == (4, 1, 2)
    assert [remark.row for remark in report.outside_rows] == [3, 4]
    first, *others = everything(Matter)
    assert _area(first) not in ("CL-G2", "430103004008")
    assert [_area(matter) for matter in others] == ["430103004008", "CL-G3", "430103004008"]
    assert others[2].lng is None


def test_another_datum_is_converted(tmp_path: Path) -> None:
    bring(tmp_path, ledger({"经度": "112.979306", "纬度": "28.151731"}), told(datum="gcj02"))
    (matter,) = everything(Matter)
    assert 0.004 < abs(matter.lng - 112.979306) < 0.008


def test_areas_are_made_only_where_that_is_allowed(tmp_path: Path) -> None:
    assert bring(tmp_path, ledger({"网格": "没有的网格"}), told()).refused == 1
    report = bring(tmp_path, ledger({"网格": "没有的网格"}), told(make_areas=True))
    assert (report.new, report.made) == (1, {"area": 1, "organisation": 1})
    assert bring(tmp_path, ledger({}, {"网格": "怪名"}), told(values={"grid": {"怪名": "CL-G4"}})).new == 1
    assert bring(tmp_path, ledger({}, {}, {"网格": "无"}), told()).new == 1


def test_units_are_made_once_and_known_ones_found(tmp_path: Path) -> None:
    before = len(everything(Organisation))
    bring(tmp_path, ledger({"单位": "新单位"}, {"单位": "新单位"}, {"单位": "街道城管中队"}, {"单位": ""}), told())
    units = {unit.id: unit.name for unit in everything(Organisation)}
    assert len(units) == before + 1
    assert [units.get(matter.unit_id) for matter in everything(Matter)] == ["新单位", "新单位", "街道城管中队", None]


def test_an_own_category_is_made_once(tmp_path: Path) -> None:
    words = {"category": {"违建": "+", "违章": "+"}}
    bring(tmp_path, ledger({"类别": "违建"}, {"类别": "违建"}, {"类别": "违章"}), told(values=words))
    bring(tmp_path, ledger({}, {}, {}, {"类别": "违建"}), told(values=words))
    made = {category.code: category.zh for category in everything(LocalCategory)}
    assert made == {"95001": "违建", "95002": "违章"}
    assert [matter.category for matter in everything(Matter)] == ["01037", "01037", "01037", "95001"]


def test_personal_numbers_are_hidden(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({"内容": "联系13812345678李某", "工单编号": "13912345678"}), told())
    (matter,), (event,) = everything(Matter), everything(Event)
    assert (matter.description, matter.source_ref, report.masked) == ("联系***李某", "test:13912345678", 1)
    assert event.data["row"]["内容"] == "联系***李某"


def test_follow_ups_results_and_counts_come_along(tmp_path: Path) -> None:
    rows = [
        {**row, "回访": "是", "解决": "否", "满意": "基本满意", "结果": "已更换灯泡", "返工": "2"} for row in ledger({})
    ]
    extra = {
        "contacted": ["回访"],
        "resolved": ["解决"],
        "satisfaction": ["满意"],
        "result": ["结果"],
        "reworks": ["返工"],
    }
    bring(tmp_path, rows, told(columns=COLUMNS | extra))
    (event,), (matter,) = everything(Event), everything(Matter)
    said = {answer.question: answer.value for answer in everything(Answer)}
    assert said == {"contacted": "yes", "resolved": "no", "satisfaction": "basically"}
    assert (event.note, matter.reworks) == ("已更换灯泡", 2)


@pytest.mark.parametrize(
    "cells", ["长" * 200, "<script>alert(1)</script>", "'; DROP TABLE matter; --", "{0.__class__}"]
)
def test_what_a_cell_holds_is_text(tmp_path: Path, cells: str) -> None:
    mapping_ = told(
        title="{标题} · {area}", columns={field: held for field, held in COLUMNS.items() if field != "title"}
    )
    assert bring(tmp_path, ledger({"标题": cells}), mapping_).new == 1
    (matter,) = everything(Matter)
    assert matter.title.startswith(cells[:100]) and len(matter.title) <= 120


def test_rights_are_asked_for_at_the_place(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="may not do this"):
        bring(tmp_path, ledger({}), told(), actor=Actor(None, "x", "viewer"))
    with pytest.raises(Refused, match="may not do this"):
        bring(tmp_path, ledger({}), told(), actor=Actor(None, "x", "staff", "elsewhere/"))
    with pytest.raises(Refused, match="no place"):
        bring(tmp_path, ledger({}), told("nowhere"))
    without = {field: held for field, held in COLUMNS.items() if field != "opened"}
    with pytest.raises(Refused, match="受理时间”: no row"):
        bring(tmp_path, ledger({}), told(columns=without))
    with pytest.raises(Refused, match="does not fit the file: 没有"):
        bring(tmp_path, ledger({}), told(columns=COLUMNS | {"due": ["没有"]}))


def test_a_preview_writes_nothing(tmp_path: Path) -> None:
    with open_source(file(tmp_path, ledger({}, {"网格": "", "类别": "奇怪"}))) as source, db.reading() as session:
        report = batches.preview(session, ADMIN, source, 0, told())
    assert (report.new, report.refused, report.samples[0].title) == (1, 1, "路灯不亮")
    assert everything(Matter) == everything(ImportBatch) == []


def test_shipped_mappings_are_right() -> None:
    for name in mapping.shipped():
        assert mapping.ship(name).name == name
    with pytest.raises(Refused, match="Choose one of: pingshan_2018"):
        mapping.ship("../secrets")
    with pytest.raises(Refused, match="field nonsense"):
        mapping.read({"kind": "matters", "columns": {"nonsense": ["x"]}})
    with pytest.raises(Refused, match="status fixed"):
        mapping.read({"kind": "matters", "values": {"status": {"x": "fixed"}}})
