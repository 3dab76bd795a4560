import numpy as np
import shapely
from shapely.geometry import box, mapping, shape

from services.places import screen_outlines


def _cells(step: float) -> list[dict[str, object]]:
    cells = [box(113 + x / 50, 28 + y / 50, 113 + (x + 1) / 50, 28 + (y + 1) / 50) for x in range(4) for y in range(4)]
    return [dict(mapping(shapely.segmentize(cell, step))) for cell in cells]


def test_a_few_vertices_stay_as_they_are() -> None:
    cells = _cells(0.01)
    assert screen_outlines.lean(cells) is cells


def test_very_many_become_few_without_a_gap() -> None:
    cells = _cells(0.00001)
    rng = np.random.default_rng(1)
    whole = shapely.union_all([shape(cell) for cell in cells])
    assert sum(len(cell["coordinates"][0]) for cell in cells) > screen_outlines.MOST  # type: ignore[index,misc]
    lean = [shape(cell) for cell in screen_outlines.lean(cells)]
    assert shapely.get_num_coordinates(lean).sum() <= screen_outlines.MOST
    assert shapely.coverage_is_valid(lean) and shapely.union_all(lean).symmetric_difference(whole).area < 1e-6
    points = shapely.points(rng.uniform(113, 113.08, 500), rng.uniform(28, 28.08, 500))
    assert np.all(shapely.union_all(lean).buffer(1e-6).intersects(points))


def test_the_box_around_everything() -> None:
    assert screen_outlines.box([]) is None
    assert screen_outlines.box(_cells(0.01)) == (113.0, 28.0, 113.08, 28.08)


def test_very_many_small_outlines_stay() -> None:
    houses = [dict(mapping(box(113 + x / 1e4, 28, 113 + x / 1e4 + 5e-5, 28.0001))) for x in range(8_000)]
    assert all(shape(lean).area > 0 for lean in screen_outlines.lean(houses))
