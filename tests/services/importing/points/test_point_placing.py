import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from services.importing.points.datums import from_wgs84
from services.importing.points.point_placing import NOWHERE, Placer, suspicion
from services.places.boundaries import Boundary

RNG = np.random.default_rng(7)


def _grid(west: float, south: float, step: float, count: int, first: int = 1) -> list[Boundary]:
    cells = [(x, y) for y in range(count) for x in range(count)]
    return [
        Boundary(
            first + at,
            f"G{at:03d}",
            3,
            box(west + x * step, south + y * step, west + (x + 1) * step, south + (y + 1) * step),
        )
        for at, (x, y) in enumerate(cells)
    ]


def _city(lng: float = 113.0, lat: float = 28.1, step: float = 0.004) -> Placer:
    """A place of about 4 km with a hundred grids in it."""
    whole = Boundary(1000, "C", 1, box(lng, lat, lng + 10 * step, lat + 10 * step))
    return Placer([whole, *_grid(lng, lat, step, 10)])


def _inside(placer: Placer, count: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    west, south, east, north = placer.box or (0, 0, 0, 0)
    return RNG.uniform(west, east, count), RNG.uniform(south, north, count)


COORDINATE = st.integers(0, 12).map(float)
SHAPES = st.lists(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=3, max_size=7), min_size=1, max_size=8)
POINTS = st.lists(
    st.tuples(st.floats(-1, 13), st.floats(-1, 13)) | st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=20
)


def _brute(boundaries: list[Boundary], x: float, y: float) -> int:
    """Every boundary, one by one, by the rule as it is told."""
    held = sorted((b for b in boundaries if b.outline.intersects(Point(x, y))), key=lambda b: b.size)
    if not held:
        return NOWHERE
    smallest = held[0]
    if smallest.outline.contains(Point(x, y)):
        return smallest.area_id
    return min((b for b in held if b.depth == smallest.depth), key=lambda b: b.code).area_id


@given(SHAPES, POINTS)
def test_placing_is_what_looking_at_every_boundary_says(
    shapes: list[list[tuple[float, float]]], points: list[tuple[float, float]]
) -> None:
    hulls = [shapely.convex_hull(shapely.MultiPoint(corners)) for corners in shapes]
    found = [Boundary(at, f"A{at}", at % 3, hull) for at, hull in enumerate(hulls) if isinstance(hull, Polygon)]
    x, y = np.array(points).T
    assert Placer(found).place(x, y).tolist() == [_brute(found, *point) for point in points]


def test_the_smallest_area_has_it_and_outside_is_outside() -> None:
    found = _city().place([113.001, 112.9, np.nan, np.inf], [28.101, 28.1, 28.1, 28.1])
    assert found.tolist() == [1, NOWHERE, NOWHERE, NOWHERE]


def test_on_a_border_the_lowest_code_has_it_whatever_the_order() -> None:
    cells = _grid(0, 0, 1, 2)
    for order in (cells, cells[::-1]):
        assert Placer(order).place([1.0, 1.0, 0.5], [0.5, 1.0, 1.0]).tolist() == [1, 1, 1]


def test_nothing_to_place_or_nowhere_to_place_it() -> None:
    assert Placer([]).place([1.0], [2.0]).tolist() == [NOWHERE]
    assert _city().place([], []).tolist() == []
    assert Placer([]).metres_away([1.0], [1.0]).tolist() == [np.inf]


def test_how_far_a_point_is_from_everything() -> None:
    away = _city().metres_away([113.02, 113.02], [28.12, 28.09])
    assert away[0] == 0 and round(away[1] / 100) == 11


@pytest.mark.parametrize("truth", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("chosen", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_a_wrong_datum_is_noticed_and_a_right_one_is_not(truth: str, chosen: str) -> None:
    placer = _city()
    told = suspicion(placer, chosen, *from_wgs84(truth, *_inside(placer)))
    if chosen == truth or {chosen, truth} == {"wgs84", "cgcs2000"}:
        assert told is None
        return
    assert told and (told.datum, told.swapped) == (truth, False)
    assert told.inside_if > 0.99 > told.inside and 300 < told.metres < 2000
    assert "datum" in told.note().message


def test_swapped_columns_are_noticed() -> None:
    placer = _city()
    lng, lat = _inside(placer)
    told = suspicion(placer, "wgs84", lat, lng)
    assert told and told.swapped and told.datum == "wgs84" and told.inside == 0 and told.inside_if > 0.99
    both = suspicion(placer, "wgs84", *reversed(from_wgs84("gcj02", lng, lat)))
    assert both and both.swapped and both.datum == "gcj02"


@pytest.mark.parametrize(("lng", "lat"), [(-87.7, 41.8), (2.3, 48.8), (151.2, -33.9), (139.7, 35.6)])
def test_a_foreign_city_is_never_called_wrong(lng: float, lat: float) -> None:
    placer = _city(lng, lat)
    assert suspicion(placer, "wgs84", *_inside(placer)) is None
    west, south, east, north = placer.box or (0, 0, 0, 0)
    spread = RNG.uniform(west - 0.03, east + 0.03, 3000), RNG.uniform(south - 0.03, north + 0.03, 3000)
    assert suspicion(placer, "wgs84", *spread) is None


def test_a_right_set_that_spills_over_the_border_is_not_called_wrong() -> None:
    west, south, east, north = _city().box or (0, 0, 0, 0)
    for wide in (0.002, 0.02, 0.2):
        x, y = RNG.uniform(west - wide, east + wide, 3000), RNG.uniform(south - wide, north + wide, 3000)
        assert suspicion(_city(), "wgs84", x, y) is None


def test_points_on_the_border_and_too_few_points_are_not_called_wrong() -> None:
    x = np.linspace(113.0, 113.04, 500)
    assert suspicion(_city(), "wgs84", x, np.full(500, 28.1)) is None
    assert suspicion(_city(), "wgs84", [112.999], [28.1]) is None
    assert suspicion(_city(), "wgs84", [np.nan], [28.1]) is None
    assert suspicion(Placer([]), "wgs84", x, x) is None
