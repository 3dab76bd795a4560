import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping, shape

from services.importing.points.datums import from_wgs84
from services.importing.points.geometries import Outline, outline, plain, to_wgs84
from services.importing.source.reading_notes import Note

SQUARE = [[113.0, 28.1], [113.01, 28.1], [113.01, 28.11], [113.0, 28.11], [113.0, 28.1]]


def _polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _shifted(x: float = 0, y: float = 0, scale: float = 1) -> list[list[float]]:
    return [[113 + (lng - 113) * scale + x, 28.1 + (lat - 28.1) * scale + y] for lng, lat in SQUARE]


def _said(geometry: dict[str, object] | None, **how: bool) -> str:
    found = outline(geometry, **how)
    assert isinstance(found, Note)
    return found.message.format(**found.params)


def test_a_good_outline_stays_and_has_a_heart() -> None:
    found = outline(_polygon(SQUARE))
    assert found == Outline(_polygon(SQUARE), 113.005, 28.105)


def test_heights_go_open_rings_close_and_decimals_are_six() -> None:
    ring = [[lng + 1e-8, lat, 55.0] for lng, lat in SQUARE[:-1]]
    found = outline(_polygon(ring))
    assert isinstance(found, Outline) and found.geometry == _polygon(SQUARE)


def test_only_the_surfaces_of_a_collection_count() -> None:
    point = {"type": "Point", "coordinates": [113.0, 28.1]}
    found = outline({"type": "GeometryCollection", "geometries": [_polygon(SQUARE), point]})
    assert isinstance(found, Outline) and found.geometry["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("geometry", "begins"),
    [
        (None, "The row has no outline"),
        ({"type": "Polygon", "coordinates": []}, "The row has no outline"),
        ({"type": "GeometryCollection", "geometries": []}, "The row has no outline"),
        ({"type": "Point", "coordinates": [113, 28]}, "The outline is a point"),
        ({"type": "MultiPoint", "coordinates": [[113, 28]]}, "The outline is a point"),
        ({"type": "LineString", "coordinates": SQUARE}, "The outline is a line"),
        ({"type": "Polygon"}, "The outline can't be read"),
        ({"type": "Polygon", "coordinates": "x"}, "The outline can't be read"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [3]]]}, "The outline can't be read"),
        ({"type": "Circle", "coordinates": [1, 2]}, "The outline can't be read"),
        ({}, "The outline can't be read"),
        (_polygon([[113.0, 28.1], [math.nan, 28.1], [113.01, 28.11], [113.0, 28.1]]), "The outline holds a coordinate"),
        (_polygon([[113.0, 28.1], [math.inf, 28.1], [113.01, 28.11], [113.0, 28.1]]), "The outline holds a coordinate"),
        (_polygon([[lat, lng] for lng, lat in SQUARE]), "The outline lies at longitude 28.1000, latitude 113.0100"),
        (_polygon([[lng + 200, lat] for lng, lat in SQUARE]), "The outline lies outside the earth"),
        (_polygon([[500_000.0, 3_100_000.0], [500_100.0, 3_100_000.0], [5e5, 3.2e6]]), "The outline lies outside"),
        (_polygon([[113, 28], [113.1, 28.1], [113.2, 28.2], [113, 28]]), "The outline has no surface"),
        (_polygon([[113, 28], [113, 28], [113, 28], [113, 28]]), "The outline has no surface"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(geometry: dict[str, object] | None, begins: str) -> None:
    assert _said(geometry).startswith(begins)
    assert _said(geometry, repair=True).startswith(begins)


BOW_TIE = [[113.0, 28.1], [113.01, 28.11], [113.01, 28.1], [113.0, 28.11], [113.0, 28.1]]
SPIKE = [*SQUARE[:2], [113.02, 28.105], [113.01, 28.10500001], *SQUARE[2:]]
NEARLY = [*SQUARE[:3], [113.0, 28.11], [113.0, 28.10999], [113.00001, 28.110005], [112.99999, 28.109995], SQUARE[0]]


def test_a_bow_tie_is_refused_also_when_a_repair_is_wanted() -> None:
    assert _said(_polygon(BOW_TIE)).startswith("The outline crosses itself near 113.005, 28.105. Draw it again")
    assert isinstance(outline(_polygon(BOW_TIE), repair=True), Note | Outline)


def test_a_small_crossing_is_repaired_only_by_choice() -> None:
    assert _said(_polygon(NEARLY)).startswith("The outline crosses itself near")
    found = outline(_polygon(NEARLY), repair=True)
    assert isinstance(found, Outline) and shape(found.geometry).is_valid
    assert shape(found.geometry).area == pytest.approx(1e-4, rel=0.01)


def test_a_repair_that_changes_much_is_refused() -> None:
    twisted = [
        [113.0, 28.1],
        [113.01, 28.1],
        [113.0, 28.104],
        [113.01, 28.11],
        [113.0, 28.11],
        [113.008, 28.1],
        SQUARE[0],
    ]
    found = outline(_polygon(twisted), repair=True)
    assert isinstance(found, Note) and "would change its surface by" in found.message


def test_too_many_vertices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.importing.points.geometries.MAX_VERTICES", 4)
    assert _said(_polygon(SQUARE)).startswith("The outline has 5 vertices, 4 are allowed")


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_an_outline_of_another_datum_is_brought_back(datum: str) -> None:
    moved = [list(map(float, from_wgs84(datum, *corner))) for corner in SQUARE]
    found = outline(to_wgs84(_polygon(moved), datum))
    assert isinstance(found, Outline) and found.geometry == _polygon(SQUARE)
    assert to_wgs84({"type": "Circle"}, datum) == {"type": "Circle"}


NUMBER = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.text(max_size=2) | st.none()
MESS = st.recursive(NUMBER, lambda inner: st.lists(inner, max_size=4), max_leaves=20)


@given(st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", ""]), MESS)
def test_no_mess_gets_through(kind: str, coordinates: object) -> None:
    found = outline({"type": kind, "coordinates": coordinates}, repair=True)
    assert isinstance(found, Note) or shape(found.geometry).is_valid


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=9))
def test_what_gets_through_is_valid_and_says_the_surface_it_had(corners: list[tuple[int, int]]) -> None:
    ring = [(113 + x / 1000, 28 + y / 1000) for x, y in corners]
    drawn = shapely.Polygon(ring)
    found = outline(plain(mapping(drawn)))
    assert isinstance(found, Outline) == (drawn.is_valid and drawn.area > 0)
    if isinstance(found, Outline):
        assert shape(found.geometry).area == pytest.approx(drawn.area)
        assert drawn.contains(shapely.Point(found.lng, found.lat))
