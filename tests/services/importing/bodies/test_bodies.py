import csv
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.importing.batch import batches
from services.importing.guess.column_guesses import guess
from services.importing.job.reports import Report
from services.importing.source.source import open_source
from services.layers import map_views, matter_points
from services.rights.permissions import Actor
from services.system import db
from tests.services.importing.ledgers import ADMIN, everything


@pytest.fixture(autouse=True)
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def bring(folder: Path, kind: str, *rows: str, actor: Actor = ADMIN, **options: Any) -> Report:
    """Import lines of CSV as they are guessed."""
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row.split(",") for row in rows)
    with open_source(path) as source:
        with db.reading() as session:
            place = session.exec(select(Place)).one()
            mapping = guess(session, source, 0, kind, place)
        return batches.run(actor, source, 0, mapping, **options)


def undo(report: Report) -> None:
    with db.writing() as session:
        batches.undo(session, ADMIN, report.batch_id or 0)


def _new(model: type[Any], before: set[int]) -> list[Any]:
    return [row for row in everything(model) if row.id not in before]


def _ids(model: type[Any]) -> set[int]:
    return {row.id for row in everything(model)}


TREE = (
    "名称,上级组织,类型,所在区域",
    "东片物业服务中心,社区联合党委,,第一网格",
    "社区联合党委,,党组织,",
    "北片业委会,社区联合党委,业委会,第二网格",
)


def test_organisations_find_their_parents_wherever_they_stand(tmp_path: Path) -> None:
    before = _ids(Organisation)
    report = bring(tmp_path, "organisations", *TREE)
    assert (report.new, report.refused, report.errors) == (3, 0, [])
    made = {unit.name: unit for unit in _new(Organisation, before)}
    top = made["社区联合党委"]
    assert {unit.kind for unit in made.values()} == {"property", "party", "owners"}
    assert made["东片物业服务中心"].path == f"{top.path}{made['东片物业服务中心'].code}/"
    again = bring(tmp_path, "organisations", *TREE)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    undo(report)
    assert _ids(Organisation) == before


def test_a_moved_organisation_takes_what_hangs_below_along_and_an_undo_brings_it_back(tmp_path: Path) -> None:
    before = {unit.code: unit.path for unit in everything(Organisation)}
    report = bring(tmp_path, "organisations", "编码,名称,上级组织", "CL-O-SQDW,赤岭路社区党委,CL-O-XF")
    assert report.changed == 1
    after = {unit.code: unit.path for unit in everything(Organisation)}
    assert after["CL-O-XZ1"] == "CL-O-JDGW/CL-O-XF/CL-O-SQDW/CL-O-ZB1/CL-O-XZ1/"
    undo(report)
    assert {unit.code: unit.path for unit in everything(Organisation)} == before


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        (("名称,上级组织,类型", "甲社,乙社,社会组织", "乙社,甲社,社会组织"), 2, "in a circle"),
        (("名称,上级组织,类型", "甲社,甲社,社会组织"), 2, "in a circle"),
        (("编码,名称,上级组织", "CL-O-SQDW,赤岭路社区党委,CL-O-ZB1"), 2, "in a circle"),
        (("名称,上级组织,类型", "甲社,不存在的社,社会组织"), 2, "neither in the file nor in the place"),
        (("名称,上级组织,类型", "甲社,不存在的社,社会组织", "乙社,甲社,社会组织"), 3, "above, in row 2"),
        (("名称,类型", "甲社,社会组织", "甲社,社会组织"), 3, "stands in row 2"),
        (("名称,类型,所在区域", "甲社,社会组织,月球"), 2, "what 月球 means"),
        (("名称,类型", "甲社,奇怪的类型"), 2, "what 奇怪的类型 means"),
        (("名称,类型", ",社会组织"), 2, "is empty"),
        (("编码,名称,类型", "a/b,甲社,社会组织"), 2, "is no code"),
        (("名称,类型", "=1+1,社会组织"), 2, "formula"),
    ],
)
def test_what_is_wrong_with_an_organisation_is_said(
    tmp_path: Path, rows: tuple[str, ...], line: int, words: str
) -> None:
    before = _ids(Organisation)
    report = bring(tmp_path, "organisations", *rows)
    said = {error.row: error.message.format(**error.params) for error in report.errors}
    assert words in said[line]
    assert _ids(Organisation) == before


def test_venues_stand_where_their_points_are(tmp_path: Path) -> None:
    before = _ids(Venue)
    report = bring(
        tmp_path,
        "venues",
        "名称,类型,经度,纬度,容纳人数",
        "新议事厅,议事厅,112.979306,28.151731,40",
        "远方活动室,活动室,1,1,",
    )
    assert (report.new, report.outside) == (2, 1)
    hall, far = _new(Venue, before)
    with db.reading() as session:
        held = session.get_one(Area, hall.area_id)
    assert (hall.kind, hall.capacity, "/CL-G1/" in held.path) == ("hall", 40, True)
    assert far.area_id == everything(Place)[0].area_id


def test_a_venue_without_a_point_is_there_but_on_no_map(tmp_path: Path) -> None:
    before, drawn = _ids(Venue), _on_the_map()
    assert bring(tmp_path, "venues", "名称,类型,容纳人数", "无处活动室,活动室,80人").refused == 0
    (nowhere,) = _new(Venue, before)
    assert (nowhere.lng, nowhere.lat, nowhere.capacity) == (None, None, 80)
    assert _on_the_map() == drawn
    assert bring(tmp_path, "venues", "名称,经度,纬度", "无处活动室,112.979306,28.151731").changed == 1
    assert _on_the_map() == drawn + 1


def _on_the_map() -> int:
    with db.reading() as session:
        root = session.get_one(Area, session.exec(select(Place)).one().area_id)
        return len(
            matter_points.venues(session, ADMIN, map_views.read(session, ADMIN, {"area": root.code}))["features"]
        )


def test_a_post_of_another_sort_is_said_once_for_all_rows(tmp_path: Path) -> None:
    before = _ids(Office)
    report = bring(tmp_path, "offices", "岗位名称,类型", "居委会副主任,", "河长,", good_rows_only=True)
    assert (report.new, [error.row for error in report.errors]) == (1, [3])
    assert _new(Office, before)[0].kind == "committee"


def test_offices_of_one_title_in_two_grids_are_two(tmp_path: Path) -> None:
    before = _ids(Office)
    rows = (
        "岗位名称,类型,网格,所属组织,是否在岗,联系户数",
        "新网格员,网格长,第一网格,CL-O-JWH,是,120",
        "新网格员,网格长,第二网格,,否,",
    )
    report = bring(tmp_path, "offices", *rows)
    assert (report.new, report.refused) == (2, 0)
    first, second = _new(Office, before)
    assert (first.kind, first.filled, first.households, first.organisation_id is not None) == (
        "grid_head",
        True,
        120,
        True,
    )
    assert (second.filled, second.households) == (False, None)
    assert bring(tmp_path, "offices", *rows).unchanged == 2
    changed = bring(tmp_path, "offices", rows[0], rows[1].replace("120", "130"))
    assert (changed.changed, [row.households for row in _new(Office, before)]) == (1, [130, None])
    undo(changed)
    assert [row.households for row in _new(Office, before)] == [120, None]


def test_forums_have_their_rules(tmp_path: Path) -> None:
    before = _ids(Forum)
    report = bring(
        tmp_path,
        "forums",
        "平台名称,议事规则,所属社区,牵头组织,应到人数",
        "新议事会,圆桌会,赤岭路社区,赤岭路社区居民委员会,21",
    )
    assert report.new == 1
    (forum,) = _new(Forum, before)
    assert (forum.ruleset, forum.expected, forum.organisation_id is not None) == ("round_table", 21, True)
    assert bring(tmp_path, "forums", "平台名称,牵头组织,议事规则", "又一个,没有这个组织,圆桌会").refused == 1


def test_a_code_of_another_place_is_not_taken_over(tmp_path: Path) -> None:
    with db.writing() as session:
        area = Area(code="other", name="别处", level="community", path="other/")
        session.add(area)
        session.flush()
        session.add(Organisation(code="X-1", name="别处的", kind="unit", path="X-1/", area_id=area.id))
    report = bring(tmp_path, "organisations", "编码,名称,类型", "X-1,抢占,社会组织")
    assert "another place" in report.errors[0].message
    assert {unit.name for unit in everything(Organisation) if unit.code == "X-1"} == {"别处的"}
