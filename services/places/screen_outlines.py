"""Outlines for the screen: as fine as a screen can show and no finer. Points are placed by the outlines themselves."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

MOST = 30_000  # vertices of one layer: about 200 kB on the wire
_FINEST = 4_000  # parts of the longer side of what is shown
_ROUNDS = 6  # ten thousand houses have their four corners each, however long they are simplified
_DIGITS = 6
Geometry = dict[str, Any]


def lean(geometries: list[Geometry]) -> list[Geometry]:
    """The outlines of areas beside each other, simplified together until they have about ``MOST`` vertices.

    Together, so that no gap opens between two areas. Few vertices stay as they are.
    """
    if sum(map(_vertices, geometries)) <= MOST:
        return geometries
    drawn = np.array([shape(geometry) for geometry in geometries] + [None], dtype=object)[:-1]
    west, south, east, north = shapely.total_bounds(drawn)
    tolerance, simple = max(east - west, north - south) / _FINEST, drawn
    for _ in range(_ROUNDS):
        if shapely.get_num_coordinates(simple).sum() <= MOST:
            break
        simple = shapely.coverage_simplify(drawn, tolerance)
        tolerance *= 2
    simple = shapely.transform(simple, lambda flat: np.round(flat, _DIGITS))
    return [dict(mapping(one)) if not one.is_empty else told for one, told in zip(simple, geometries, strict=True)]


def _vertices(geometry: Geometry) -> int:
    return _count(geometry.get("coordinates", ()))


def _count(told: Any) -> int:
    if not told or not isinstance(told[0], (list, tuple)):
        return 1
    return len(told) if not isinstance(told[0][0], (list, tuple)) else sum(map(_count, told))


def box(geometries: list[Geometry]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of them all; none of none."""
    if not geometries:
        return None
    west, south, east, north = shapely.total_bounds([shape(geometry) for geometry in geometries])
    return float(west), float(south), float(east), float(north)
