"""The ground the samples stand on: estates with their buildings, and points inside them in WGS-84 degrees."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from shapely import constrained_delaunay_triangles, get_coordinates, union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from models.area import Area
from services.places import areas

Corner = tuple[float, float]


class Surface:
    """A shape cut into triangles, so that any number of points inside it can be drawn."""

    def __init__(self, drawn: BaseGeometry) -> None:
        cut = [part for part in constrained_delaunay_triangles(drawn).geoms if part.area > 0]
        self._corners: list[list[Corner]] = [_corners(part) for part in cut]
        self._sums = list(accumulate(part.area for part in cut))

    def point(self, rng: Random) -> Corner:
        """A point inside, any as likely as any other, to a tenth of a metre."""
        at = bisect(self._sums, rng.random() * self._sums[-1], hi=len(self._sums) - 1)
        (x, y), (x2, y2), (x3, y3) = self._corners[at]
        along, across = rng.random(), rng.random()
        if along + across > 1:
            along, across = 1 - along, 1 - across
        return (
            round(x + along * (x2 - x) + across * (x3 - x), 6),
            round(y + along * (y2 - y) + across * (y3 - y), 6),
        )


def _corners(triangle: BaseGeometry) -> list[Corner]:
    return [(x, y) for x, y in get_coordinates(triangle)[:3].tolist()]


@dataclass(frozen=True)
class Spot:
    """An area where something can be wrong: an estate between its buildings, or one of them."""

    area: Area
    surface: Surface


@dataclass(frozen=True)
class Estate:
    """An estate, the code of its grid, and its buildings."""

    grid: str
    spot: Spot
    buildings: tuple[Spot, ...]

    @property
    def code(self) -> str:
        """The code of its area."""
        return self.spot.area.code


def estates(session: Session, path: str) -> dict[str, list[Estate]]:
    """The estates at or below ``path`` by the code of their grid."""
    found: dict[str, list[Estate]] = {}
    for grid in areas.descend(session, path, "grid"):
        inside = [_estate(session, grid, area) for area in areas.descend(session, grid.path, "estate")]
        found[grid.code] = [estate for estate in inside if estate]
    return {code: inside for code, inside in found.items() if inside}


def _estate(session: Session, grid: Area, area: Area) -> Estate | None:
    drawn = [one for one in areas.descend(session, area.path, "building") if one.geometry]
    if not area.geometry or not drawn:
        return None
    houses = [shape(dict(one.geometry or {})) for one in drawn]
    between = shape(dict(area.geometry)).difference(union_all(houses))
    buildings = tuple(Spot(one, Surface(house)) for one, house in zip(drawn, houses, strict=True))
    return Estate(grid.code, Spot(area, Surface(between)), buildings)
