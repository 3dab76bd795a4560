"""Cutting: a region in two, along a line that is there or across by one that is laid, in metres."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from services.places.drawing import curves

_OVER = 6.0  # a street that ends this short of a border was meant to reach it
_LATTICE = 26  # spots along each side of a region by which its land is weighed
_TILTS = (0.0, -0.14, 0.14, 1.5708, -0.4, 0.4, 0.9, -0.9)
_STEPS = 9


@dataclass(frozen=True)
class Halves:
    """A region in two, and the line between them. ``share`` is the first one's part of the dry land."""

    first: Polygon
    second: Polygon
    line: BaseGeometry
    share: float

    @property
    def shape(self) -> float:
        """How stout the worse half is: 1 for a disc, near 0 for a splinter."""
        return min(stout(self.first), stout(self.second))


def stout(region: Polygon) -> float:
    """4π times surface over the square of the border."""
    return float(4 * math.pi * region.area / region.length**2) if region.length else 0.0


@dataclass(frozen=True)
class Land:
    """A region with the spots by which its dry land is weighed."""

    region: Polygon
    spots: NDArray[np.float64]


def land(region: Polygon, wet: BaseGeometry | None = None) -> Land:
    """The region weighed without what is ``wet``; with it where nothing is dry."""
    west, south, east, north = region.bounds
    across, up = (east - west) / _LATTICE, (north - south) / _LATTICE
    xs, ys = np.meshgrid(west + across * (np.arange(_LATTICE) + 0.5), south + up * (np.arange(_LATTICE) + 0.5))
    shapely.prepare(region)
    inside = shapely.contains_xy(region, xs.ravel(), ys.ravel())
    spots = np.column_stack([xs.ravel(), ys.ravel()])[inside]
    if wet is not None and not wet.is_empty:
        dry = spots[~shapely.contains_xy(wet, spots[:, 0], spots[:, 1])]
        spots = dry if len(dry) else spots
    return Land(region, spots if len(spots) else np.array([region.representative_point().coords[0]]))


def along(ground: Land, line: LineString) -> Halves | None:
    """The region cut along a line; none where it doesn't cross."""
    region = ground.region
    if not line.intersects(region):
        return None
    cut = curves.lengthened(line, _OVER)
    pieces = [one for one in polygonize(unary_union([region.boundary, cut])) if _inside(region, one)]
    while len(pieces) > 2:
        pieces = _joined(pieces)
    if len(pieces) != 2:
        return None
    first, second = sorted(pieces, key=lambda one: (one.centroid.x - one.centroid.y, one.area))
    return Halves(first, second, shapely.line_merge(first.intersection(second)), _share(ground, first))


def _inside(region: Polygon, piece: Polygon) -> bool:
    return bool(region.contains(piece.representative_point()))


def _joined(pieces: list[Polygon]) -> list[Polygon]:
    """One piece fewer: the smallest goes to the neighbour with which it shares most border."""
    small, *rest = sorted(pieces, key=lambda one: one.area)
    by = max(range(len(rest)), key=lambda at: small.intersection(rest[at]).length)
    joined = shapely.union(small, rest[by])
    return [one for at, one in enumerate(rest) if at != by] + ([joined] if isinstance(joined, Polygon) else [])


def _share(ground: Land, part: Polygon) -> float:
    shapely.prepare(part)
    return float(shapely.contains_xy(part, ground.spots[:, 0], ground.spots[:, 1]).mean())


def across(ground: Land, share: float, chance: Random) -> Halves | None:
    """The region cut by a bent line so that its first half has ``share`` of the land; none where no line does."""
    best: Halves | None = None
    for number, line in enumerate(_lines(ground, share, chance)):
        halves = along(ground, line)
        if halves is None or min(halves.share, 1 - halves.share) < min(share, 1 - share) * 0.5:
            continue
        if best is None or halves.shape > best.shape * 1.15:
            best = halves
        if number >= 2 and best is not None and best.shape > 0.42:
            break
    return best


def _lines(ground: Land, share: float, chance: Random) -> Iterator[LineString]:
    """Lines across the longer axis, each with ``share`` of the spots on one side, the squarest first."""
    axis, size = _axis(ground.region)
    bend, sway, phase = chance.uniform(-0.05, 0.05), chance.uniform(0.006, 0.02), chance.uniform(0, 6.3)
    steps = np.linspace(-0.8, 0.8, _STEPS)
    bow = size * (bend * steps**2 + sway * np.sin(5 * steps + phase))
    heart = ground.spots.mean(axis=0)
    for tilt in _TILTS:
        east = np.array([math.cos(axis + tilt), math.sin(axis + tilt)])
        north = np.array([-east[1], east[0]])
        away = ground.spots - heart
        reach = away @ east - np.interp(away @ north, steps * size, bow)
        for part in dict.fromkeys((share, 1 - share)):
            offset = float(np.quantile(reach, part))
            yield LineString(heart + np.outer(bow + offset, east) + np.outer(steps * size, north))


def _axis(region: Polygon) -> tuple[float, float]:
    """The direction of the longer side of the region's tightest box, and the length of that side."""
    box: Any = shapely.minimum_rotated_rectangle(region)
    a, b, c = (np.array(spot) for spot in list(box.exterior.coords)[:3])
    longer = max((b - a, c - b), key=lambda side: float(np.hypot(*side)))
    turn = math.atan2(longer[1], longer[0]) % math.pi
    return turn, float(np.hypot(*longer))
