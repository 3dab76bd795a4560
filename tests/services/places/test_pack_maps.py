"""The map of every pack: tiles without gap or overlap, estates and buildings apart, a town to look at."""

import re
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point

import ui.web
from services.places.drawing import drawing
from services.places.drawing.trees import TILED
from services.places.places import PLACES, pack
from tests.services.places.pack_files import SLUGS, at, codes, drawn, read

MOST = 1_000_000
STATIC = Path(ui.web.__file__).parent / "static"
# The middle of what the article is about, in degrees to a tenth: about ten kilometres.
THERE = {
    "chilinglu": (113.0, 28.2),
    "donghu": (120.3, 30.4),
    "shilian": (121.4, 37.5),
    "ziyang": (112.3, 28.6),
    "zhouxin": (113.1, 23.7),
}
each = pytest.mark.parametrize("slug", SLUGS)


def shapes(slug: str) -> dict[str, shapely.geometry.base.BaseGeometry]:
    return {told["code"]: shape for told, shape in drawn(slug)}


@each
def test_everything_below_the_root_is_drawn_and_lies_in_its_parent(slug: str) -> None:
    areas, found = codes(slug, "areas.csv"), shapes(slug)
    above = {code for code, row in areas.items() if row["level"] in ("city", "district")} - {pack(slug).root}
    assert set(areas) - set(found) <= above | {row["code"] for row in at(slug, "street")} - {pack(slug).root}
    for code, shape in found.items():
        assert shape.is_valid and shape.geom_type == "Polygon", code
        parent = found.get(areas[code]["parent"])
        assert parent is None or parent.buffer(1e-9).covers(shape), f"{code} leaves {areas[code]['parent']}"
    assert all(
        round(number, 6) == number for shape in found.values() for number in shapely.get_coordinates(shape).ravel()
    )


@each
def test_tiles_leave_no_gap_and_do_not_overlap(slug: str) -> None:
    found = shapes(slug)
    for level in TILED:
        tiles = [found[row["code"]] for row in at(slug, level) if row["code"] in found]
        assert shapely.coverage_is_valid(tiles), level
        whole = shapely.coverage_union_all(tiles).symmetric_difference(found[pack(slug).root])
        assert whole.area == 0 or not tiles, level


@each
def test_estates_and_buildings_keep_apart(slug: str) -> None:
    found = shapes(slug)
    for level in ("estate", "building"):
        apart = [found[row["code"]] for row in at(slug, level)]
        assert shapely.STRtree(apart).query(apart, predicate="intersects").shape[1] == len(apart), level


@each
def test_the_place_lies_where_it_is(slug: str) -> None:
    middle = shapes(slug)[pack(slug).root].centroid
    assert (round(middle.x, 1), round(middle.y, 1)) == THERE[slug]


@each
def test_the_ground_has_named_streets_parks_and_water_and_is_small(slug: str) -> None:
    named = Counter(told["kind"] for told, _ in drawn(slug, "base") if told.get("name"))
    assert named["road"] >= 4 and named["green"] and named["water"], named
    assert all(shape.is_valid for _, shape in drawn(slug, "base"))
    for name in ("areas", "base"):
        assert (PLACES / slug / f"{name}.geojson").stat().st_size <= MOST, name


@each
def test_every_kind_of_ground_has_its_colour_on_the_map(slug: str) -> None:
    script = (STATIC / "map-areas.js").read_text(encoding="utf-8")
    coloured = set(re.findall(r"^    (\w+): \{ color", script, flags=re.MULTILINE))
    assert {told["kind"] for told, _ in drawn(slug, "base")} <= coloured | {"road"}


@each
def test_drawing_again_gives_the_same_bytes(slug: str, tmp_path: Path) -> None:
    shutil.copytree(PLACES / slug, tmp_path / slug)
    drawing.draw(slug, tmp_path)
    for name in ("areas.geojson", "base.geojson"):
        assert (tmp_path / slug / name).read_bytes() == (PLACES / slug / name).read_bytes(), f"draw {slug} again"


@each
def test_venues_stand_inside_their_area_and_apart(slug: str) -> None:
    found, points = shapes(slug), dict[str, Point]()
    for row in read(slug, "venues.csv"):
        points[row["code"]] = Point(float(row["lng"]), float(row["lat"]))
        assert found[row["area"]].contains(points[row["code"]]), row["code"]
    near = [pair for pair in combinations(points, 2) if points[pair[0]].distance(points[pair[1]]) < 1.5e-4]
    assert near == []
