"""Areas from files: the tree of a place is built, corrected and drawn; what is wrong is said row by row."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import box, mapping
from sqlmodel import col, select

from models.area import Area
from models.importing import ImportChange
from services.engine import versioned_cache
from services.importing.batch import batches
from services.importing.job import reports
from services.importing.mapping.mapping import Ground, Mapping
from services.importing.source.source import open_source
from services.places import areas, ground_version
from services.places.places import load_place
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused

pytestmark = pytest.mark.usefixtures("database")
ADMIN = Actor(None, "admin", "admin")
FIELDS = ("code", "name", "parent", "level", "kind", "households")
GROUND = Ground(name="某某区", prefix="MM", code="430199", level="district", lng=113.0, lat=28.1, width_km=10)
HEAD = ",".join(FIELDS)


def _mapping(columns: dict[str, list[str]] | None = None, place: str = "moumou", **options: Any) -> Mapping:
    told = {field: [field] for field in FIELDS} if columns is None else columns
    return Mapping.model_validate(
        {"kind": "areas", "place": place, "columns": told, "options": options, "ground": GROUND.model_dump()}
    )


def _run(path: Path, mapping: Mapping, **how: Any) -> reports.Report:
    with open_source(path) as source:
        held = set(source.layers[0].columns)
        mapping.columns = {field: names for field, names in mapping.columns.items() if set(names) <= held}
        return batches.run(ADMIN, source, 0, mapping, **how)


def _sheet(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "areas.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def _drawn(folder: Path, *features: tuple[dict[str, Any], Any]) -> Path:
    told = [{"type": "Feature", "properties": words, "geometry": shape} for words, shape in features]
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), encoding="utf-8")
    return path


def _square(x: float, y: float, size: float = 0.01) -> dict[str, Any]:
    return dict(mapping(box(113 + x, 28 + y, 113 + x + size, 28 + y + size)))


def _tree() -> dict[str, Area]:
    with db.reading() as session:
        root = session.exec(select(Area).where(Area.code == "430199")).one()
        return {area.name: area for area in session.exec(select(Area).where(areas.within(root.path)))}


def _all() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(Area.path).order_by(col(Area.id))))


def _said(report: reports.Report) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.message.format(**error.params)) for error in report.errors]


TREE = (
    "S1,五一街道,430199,street,,",
    "C1,一社区,五一街道,社区,,",
    "G1,一网格,C1,网格,,120",
    "E1,书香苑,G1,小区,物业小区,80",
)


def test_a_tree_from_a_sheet(tmp_path: Path) -> None:
    report = _run(_sheet(tmp_path, *TREE), _mapping())
    assert (report.new, report.refused, report.written) == (4, 0, True), _said(report)
    tree = _tree()
    assert [tree[name].path for name in ("五一街道", "书香苑")] == ["430199/S1/", "430199/S1/C1/G1/E1/"]
    assert (tree["书香苑"].kind, tree["一网格"].households, tree["书香苑"].level) == ("managed", 120, "estate")
    assert tree["一社区"].parent_id == tree["五一街道"].id


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    path = _sheet(tmp_path, *TREE)
    _run(path, _mapping())
    again = _run(path, _mapping())
    assert (again.new, again.changed, again.unchanged, again.written) == (0, 0, 4, False)


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    report = _run(_sheet(tmp_path, *reversed(TREE)), _mapping())
    assert report.new == 4 and _tree()["书香苑"].path == "430199/S1/C1/G1/E1/"


def test_moving_an_area_moves_everything_below_and_undo_moves_it_back(tmp_path: Path) -> None:
    _run(_sheet(tmp_path, *TREE, "C2,二社区,S1,社区,,"), _mapping())
    report = _run(_sheet(tmp_path, "G1,一网格,C2,网格,,130"), _mapping())
    assert report.changed == 1
    tree = _tree()
    assert tree["书香苑"].path == "430199/S1/C2/G1/E1/" and tree["一网格"].households == 130
    with db.reading() as session:
        kept = session.exec(select(ImportChange).where(ImportChange.batch_id == report.batch_id)).all()
    assert {change.row_id: set(change.before or {}) for change in kept} == {
        tree["一网格"].id: {"path", "parent_id", "households"},
        tree["书香苑"].id: {"path"},
    }
    with db.writing() as writing:
        batches.undo(writing, ADMIN, report.batch_id or 0)
    tree = _tree()
    assert tree["书香苑"].path == "430199/S1/C1/G1/E1/" and tree["一网格"].households == 120


WRONG = {
    "duplicate code": (["S1,一街道,,street,,", "S1,二街道,,street,,"], [(3, "code", "stands in row 2 already")]),
    "duplicate name": ([",一街道,,street,,", ",一街道,,street,,"], [(3, "name", "stands in row 2 already")]),
    "unknown parent": (["C1,一社区,不在,社区,,"], [(2, "parent", "There is no area 不在 here")]),
    "itself": (["C1,一社区,C1,社区,,"], [(2, "parent", "its own parent")]),
    "cycle": (
        ["A,甲,B,street,,", "B,乙,C,street,,", "C,丙,A,street,,"],
        [(2, "parent", "in a circle"), (3, "parent", "in a circle"), (4, "parent", "in a circle")],
    ),
    "upside down": (
        ["S1,街道,,street,,", "G1,网格,S1,网格,,", "C1,社区,G1,社区,,"],
        [(4, "level", "is not wider than")],
    ),
    "same level": (["S1,街道,,street,,", "S2,二街道,S1,street,,"], [(3, "level", "is not wider than")]),
    "clash": (["S1,街道,,street,,", "A,社区,S1,社区,,", "B,社区,S1,社区,,"], [(4, "name", "another area called 社区")]),
    "two parents": (
        ["A,甲,,street,,", "B,甲,,street,,", "C1,社区,甲,社区,,"],
        [(3, "name", "another area called"), (4, "parent", "Several areas are called 甲: A, B")],
    ),
    "no name": (["S1,,,street,,"], [(2, "name", "This cell is empty")]),
    "no level": (["S1,某,,不知道,,"], [(2, "level", "不知道")]),
    "no number": (["S1,某,,street,,多"], [(2, "households", "not a whole number")]),
    "kind": (["S1,某,,street,物业小区,"], [(2, "kind", "only of estates")]),
    "long": (["S1," + "长" * 65 + ",,street,,"], [(2, "name", "65 characters long")]),
    "long code": (["S" * 33 + ",某,,street,,"], [(2, "code", "33 characters long")]),
    "formula": (['S1,"=HYPERLINK(""x"")",,street,,'], [(2, "name", "formula")]),
    "cells": (["S1,某,,street,,", "S2,某"], [(3, "", "2 cells")]),
    "below a refused row": (
        ["S1,,,street,,", "C1,社区,S1,社区,,"],
        [(2, "name", "empty"), (3, "parent", "no area S1")],
    ),
    "below a circle": (
        ["A,甲,B,street,,", "B,乙,A,street,,", "C1,社区,A,社区,,"],
        [(2, "parent", "circle"), (3, "parent", "circle"), (4, "parent", "")],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    lines, expected = WRONG[name]
    before = _all()
    report = _run(_sheet(tmp_path, *lines), _mapping())
    assert [(row, column) for row, column, _ in _said(report)] == [(row, column) for row, column, _ in expected]
    for (_, _, said), (_, _, words) in zip(_said(report), expected, strict=True):
        assert words in said
    assert not report.written and report.refused == len(expected)
    assert _all() == before


def test_good_rows_only_leaves_out_what_hangs_below_a_refused_row(tmp_path: Path) -> None:
    lines = ["S1,一街道,,street,,", "S2,,,street,,", "C1,一社区,S1,社区,,", "C2,二社区,S2,社区,,"]
    report = _run(_sheet(tmp_path, *lines), _mapping(), good_rows_only=True)
    assert (report.new, report.refused) == (2, 2)
    assert set(_tree()) == {"某某区", "一街道", "一社区"}


def test_areas_without_codes_get_them_and_are_known_again_by_name(tmp_path: Path) -> None:
    path = _sheet(tmp_path, "一街道,,street", "一社区,一街道,社区", "二社区,一街道,社区", head="name,parent,level")
    _run(path, _mapping())
    tree = _tree()
    assert {tree[name].code for name in ("一社区", "二社区")} == {"430199-01-01", "430199-01-02"}
    assert _run(path, _mapping()).unchanged == 3
    official = _sheet(tmp_path, "C77,二社区,一街道,社区", head="code,name,parent,level")
    assert _run(official, _mapping()).changed == 1
    changed = _tree()["二社区"]
    assert (changed.id, changed.code, changed.path) == (tree["二社区"].id, "C77", "430199/430199-01/C77/")


def test_a_code_that_cannot_be_kept_gets_the_prefix_and_is_known_again(tmp_path: Path) -> None:
    with db.writing() as writing:
        load_place(writing, "chilinglu")
    path = _sheet(tmp_path, "A/1,一街道,,street,,", "430103,二街道,,street,,", "C1,社区,A/1,社区,,")
    report = _run(path, _mapping())
    assert report.new == 3, _said(report)
    assert {name: area.code for name, area in _tree().items()} == {
        "某某区": "430199",
        "一街道": "MM-A-1",
        "二街道": "MM-430103",
        "社区": "C1",
    }
    assert _run(path, _mapping()).unchanged == 3


def test_official_codes_say_where_an_area_lies(tmp_path: Path) -> None:
    lines = ["430199001000,一街道,,街道,,", "430199001002,二社区,,社区,,", "430199002000,二街道,,街道,,"]
    _run(_sheet(tmp_path, *lines), _mapping())
    tree = _tree()
    assert tree["二社区"].parent_id == tree["一街道"].id and tree["二街道"].parent_id == tree["某某区"].id


def test_a_whole_file_of_one_level_hangs_by_its_outlines(tmp_path: Path) -> None:
    streets = _drawn(tmp_path, ({"name": "东"}, _square(0, 0)), ({"name": "西"}, _square(-0.01, 0)))
    assert _run(streets, _mapping(defaults={"level": "street"})).new == 2
    inside = [({"name": f"社区{at}"}, _square(-0.01 + at * 0.004, 0.001, 0.003)) for at in range(5)]
    assert _run(_drawn(tmp_path, *inside), _mapping(defaults={"level": "community"})).new == 5
    tree = _tree()
    parents = [tree[f"社区{at}"].parent_id for at in range(5)]
    assert parents == [tree[name].id for name in ("西", "西", "西", "东", "东")]
    assert tree["东"].geometry == _lists(_square(0, 0)) and not tree["东"].schematic


def _lists(told: Any) -> Any:
    return json.loads(json.dumps(told))


def test_first_the_outlines_then_the_words(tmp_path: Path) -> None:
    _run(_drawn(tmp_path, ({"code": "C1", "name": "一社区"}, _square(0, 0))), _mapping(defaults={"level": "community"}))
    drawn = _tree()["一社区"].geometry
    _run(_sheet(tmp_path, "C1,第一社区,,,,321"), _mapping())
    area = _tree()["第一社区"]
    assert (area.geometry, area.households, area.level, area.schematic) == (drawn, 321, "community", False)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (
            {"type": "Polygon", "coordinates": [[[113, 28], [113.1, 28.1], [113.1, 28], [113, 28.1], [113, 28]]]},
            "crosses",
        ),
        ({"type": "Polygon", "coordinates": [[[28, 113], [28.1, 113], [28.1, 113.1], [28, 113]]]}, "swapped"),
        (
            {"type": "Polygon", "coordinates": [[[113, 28], [float("nan"), 28.1], [113.1, 28], [113, 28]]]},
            "can't be read",
        ),
        ({"type": "LineString", "coordinates": [[113, 28], [113.1, 28.1]]}, "a line"),
        ({"type": "Point", "coordinates": [113, 28]}, "a point"),
    ],
    ids=["bow tie", "swapped", "nan", "line", "point"],
)
def test_a_wrong_outline_is_an_error_of_its_row(tmp_path: Path, shape: Any, words: str) -> None:
    path = _drawn(tmp_path, ({"name": "好"}, _square(0, 0)), ({"name": "坏"}, shape))
    report = _run(path, _mapping(defaults={"level": "street"}))
    assert not report.written and [error[0] for error in _said(report)] == [2]
    assert words in _said(report)[0][2]


def test_tiles_give_way_once_something_is_drawn_and_come_back_with_undo(tmp_path: Path) -> None:
    _run(_sheet(tmp_path, *TREE, "C2,二社区,S1,社区,,"), _mapping())
    with db.writing() as writing:
        for area in writing.exec(select(Area)):
            area.geometry, area.schematic = _square(0, 0), True
    drawn = _drawn(tmp_path, ({"name": "一社区"}, _square(0.1, 0)), ({"name": "二社区"}, _square(0.11, 0)))
    report = _run(drawn, _mapping(defaults={"level": "community"}))
    tree = _tree()
    assert (tree["一网格"].geometry, tree["一社区"].schematic) == (None, False)
    # Nobody drew the street: it is what is drawn in it, and marked as schematic.
    assert tree["五一街道"].schematic and tree["五一街道"].geometry
    assert tree["五一街道"].geometry["coordinates"] == tree["某某区"].geometry["coordinates"]  # type: ignore[index]
    with db.writing() as writing:
        batches.undo(writing, ADMIN, report.batch_id or 0)
    assert _tree()["一网格"].geometry == _lists(_square(0, 0))


def _at(lng: float, lat: float) -> str | None:
    with db.reading() as session:
        found = areas.at_point(session, lng, lat)
        return found.name if found else None


def _versions() -> tuple[str, str]:
    with db.reading() as session:
        return versioned_cache.version(session, ADMIN), ground_version.ground(session)


def test_a_new_outline_shows_at_once_and_so_does_its_undo(tmp_path: Path) -> None:
    _run(_drawn(tmp_path, ({"code": "S1", "name": "东"}, _square(0, 0))), _mapping(defaults={"level": "street"}))
    seen = [_versions()]
    assert (_at(113.005, 28.005), _at(113.055, 28.005)) == ("东", None)
    report = _run(_drawn(tmp_path, ({"code": "S1", "name": "东"}, _square(0.05, 0))), _mapping())
    seen.append(_versions())
    assert (_at(113.005, 28.005), _at(113.055, 28.005)) == (None, "东")
    with db.writing() as writing:
        batches.undo(writing, ADMIN, report.batch_id or 0)
    seen.append(_versions())
    assert (_at(113.005, 28.005), _at(113.055, 28.005)) == ("东", None)
    assert len({whole for whole, _ in seen}) == len({ground for _, ground in seen}) == 3


def test_a_grid_worker_may_not_bring_in_areas(tmp_path: Path) -> None:
    with open_source(_sheet(tmp_path, *TREE)) as source, pytest.raises(Refused):
        batches.run(Actor(None, "x", "grid_worker", "430199/"), source, 0, _mapping())
