"""Boundaries: which area holds each of very many points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, or_, select

from models.area import Area

NOWHERE = -1
_KM_PER_DEGREE = 111.32
_PUT_TOGETHER = 1.001  # its edges were rounded


@dataclass(frozen=True)
class Boundary:
    """The outline of an area (WGS-84 degrees), and where the area stands in the tree."""

    area_id: int
    code: str
    depth: int
    outline: BaseGeometry
    drawn: bool = True

    @property
    def size(self) -> tuple[float, int, str]:
        """What the smallest is found by. An area put together from those in it is never smaller than they are."""
        surface = self.outline.area
        return surface if self.drawn else surface * _PUT_TOGETHER, -self.depth, self.code


class Placer:
    """Boundaries made ready to place points; built once, asked for as many as there are."""

    def __init__(self, found: list[Boundary]) -> None:
        drawn = [boundary for boundary in found if boundary.outline.area > 0]
        self.boundaries = sorted(drawn, key=lambda boundary: boundary.size)
        self._outlines = np.array([boundary.outline for boundary in self.boundaries] + [None], dtype=object)[:-1]
        shapely.prepare(self._outlines)
        self._tree = STRtree(self._outlines)
        self._ids = np.array([boundary.area_id for boundary in self.boundaries], dtype=np.int64)

    def place(self, lng: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """The id of the smallest area that holds each point; ``NOWHERE`` outside all and for what is no number.

        On the border of areas beside each other the lowest code has it.
        """
        x, y = np.asarray(lng, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        placed = np.full(len(x), NOWHERE, dtype=np.int64)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        at, which = self._candidates(x[known], y[known])
        at = known[at]
        for number, start, end in _runs(which):
            open_ = at[start:end][placed[at[start:end]] == NOWHERE]
            held = open_[shapely.intersects_xy(self._outlines[number], x[open_], y[open_])]
            placed[held] = number
            within = shapely.contains_xy(self._outlines[number], x[held], y[held])
            for point in held[~within]:
                placed[point] = self._beside(number, x[point], y[point])
        return np.where(placed == NOWHERE, NOWHERE, self._ids[placed] if len(self._ids) else NOWHERE)

    def _candidates(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Pairs of a point and a boundary whose box holds it, smallest boundaries first."""
        pairs = self._tree.query(shapely.points(x, y))
        order = np.argsort(pairs[1], kind="stable")
        return pairs[0][order], pairs[1][order]

    def _beside(self, number: int, x: float, y: float) -> int:
        """Of the areas as deep as ``number`` that touch a point on its border, the one with the lowest code."""
        touching: list[int] = self._tree.query(shapely.Point(x, y), predicate="intersects").tolist()
        depth = self.boundaries[number].depth
        beside = [other for other in touching if self.boundaries[other].depth == depth]
        return min([number, *beside], key=lambda other: self.boundaries[other].code)

    def metres_away(self, lng: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """How far each point lies from the nearest boundary, about; 0 inside one."""
        x, y = np.asarray(lng, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        away = np.full(len(x), np.inf)
        if not self.boundaries:
            return away
        (at, _), far = self._tree.query_nearest(shapely.points(x, y), return_distance=True, all_matches=False)
        away[at] = far * _KM_PER_DEGREE * 1000
        return away

    def crossing(self, bounds: tuple[float, float, float, float]) -> list[int]:
        """The ids of the areas that reach into west, south, east, north, the smallest first."""
        hits = self._tree.query(shapely.box(*bounds), predicate="intersects")
        return [self.boundaries[at].area_id for at in sorted(hits.tolist())]

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all boundaries; none without any."""
        if not self.boundaries:
            return None
        west, south, east, north = shapely.total_bounds(self._outlines)
        return float(west), float(south), float(east), float(north)


def _runs(which: NDArray[Any]) -> list[tuple[int, int, int]]:
    """(boundary, first pair, end of its pairs) of pairs that are sorted by boundary."""
    numbers, starts = np.unique(which, return_index=True)
    edges = [*starts.tolist(), len(which)]
    return list(zip(numbers.tolist(), edges, edges[1:], strict=False))


def placer(session: Session, root_path: str = "", *, drawn: bool = False) -> Placer:
    """The boundaries of standing areas at or below ``root_path``.

    With ``drawn`` without the tiles of areas that nobody has drawn. The schematic outlines of a sample place count as
    drawn: its points were made to lie in them.
    """
    query = select(Area.id, Area.path, Area.geometry, Area.schematic).where(
        col(Area.path).startswith(root_path, autoescape=True),
        col(Area.geometry).is_not(None),
        col(Area.closed_at).is_(None),
    )
    if drawn:
        query = query.where(or_(col(Area.schematic).is_(False), col(Area.sample).is_(True)))
    return Placer([_boundary(*row) for row in session.exec(query).all() if row[2]])


def _boundary(area_id: int, path: str, geometry: Mapping[str, Any] | None, schematic: bool) -> Boundary:
    parts = path.rstrip("/").split("/")
    return Boundary(area_id, parts[-1], len(parts), shape(dict(geometry or {})), not schematic)
