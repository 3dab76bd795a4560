"""Tiles: many points counted in squares of the screen, with numpy, in Web-Mercator."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TILE = 256
SQUARE = 64
Box = tuple[float, float, float, float]
_POLE = 85.0511


@dataclass(frozen=True)
class Cloud:
    """Points in Web-Mercator, both axes from 0 to 1, and which of them are marked (overdue)."""

    x: Floats
    y: Floats
    marked: NDArray[np.bool_]


@dataclass(frozen=True)
class Square:
    """Where the points of one square lie on average (degrees), how many there are, how many are marked."""

    lng: float
    lat: float
    count: int
    marked: int


def cloud(lng: Any, lat: Any, marked: Any) -> Cloud:
    """Degrees into Web-Mercator; latitudes beyond the map's edge are put on it."""
    x, y = _project(np.asarray(lng, np.float64), np.asarray(lat, np.float64))
    return Cloud(x, y, np.asarray(marked, np.bool_))


def _project(lng: Floats, lat: Floats) -> tuple[Floats, Floats]:
    angle = np.radians(np.clip(lat, -_POLE, _POLE))
    return (lng + 180) / 360, (1 - np.arcsinh(np.tan(angle)) / np.pi) / 2


def _degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))


def inside(points: Cloud, box: Box) -> Cloud:
    """The points within west, south, east, north (degrees)."""
    x, y = _project(np.array([box[0], box[2]]), np.array([box[3], box[1]]))
    kept = (points.x >= x[0]) & (points.x <= x[1]) & (points.y >= y[0]) & (points.y <= y[1])
    return Cloud(points.x[kept], points.y[kept], points.marked[kept])


def squares(points: Cloud, zoom: int) -> list[Square]:
    """The points counted in squares of SQUARE pixels at ``zoom``; every point is in exactly one."""
    if not len(points.x):
        return []
    scale = TILE * 2**zoom / SQUARE
    keys = _keys((points.x * scale).astype(np.int64), (points.y * scale).astype(np.int64))
    counts = np.bincount(keys)
    full = np.flatnonzero(counts)
    middle = [np.bincount(keys, axis)[full] / counts[full] for axis in (points.x, points.y)]
    lng, lat = _degrees(middle[0], middle[1])
    marked = np.bincount(keys, points.marked)[full].astype(np.int64)
    columns = (lng.round(6), lat.round(6), counts[full], marked)
    return [Square(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _keys(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
    column, row = column - column.min(), row - row.min()
    wide = int(column.max()) + 1
    keys: NDArray[np.int64] = row * wide + column
    # A wide, empty plane would make bincount's array huge: number the squares that are used instead.
    return keys if keys.max() < 4_000_000 else np.unique(keys, return_inverse=True)[1]
