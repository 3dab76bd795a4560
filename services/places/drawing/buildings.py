"""Buildings: rows of slabs that face south, apart from each other, inside an estate, in metres."""

import math
from collections.abc import Mapping
from itertools import product
from random import Random

import shapely
from shapely import Point, Polygon
from shapely.affinity import rotate, translate

from services.places.drawing.plan_reading import FILE
from services.system.errors import Refused

_GAP = 9.0
_GAP_SHARE = 0.45
_WALL = 7.0
_SHRINKING = (1.0, 0.85, 0.7, 0.55, 0.42)
Form = Mapping[str, float]


def lay(code: str, estate: Polygon, count: int, told: Form | None) -> list[Polygon]:
    """``count`` slabs at the widest spacing at which they fit, in reading order; smaller ones where they must be.

    What is too many makes the garden. Refused where even small ones don't fit.
    """
    yard = estate.buffer(-_WALL)
    if count and not yard.is_empty:
        for shrunk in (1.0,) if told and "length" in told else _SHRINKING:
            form = _form(code, told or {}, shrunk)
            laid = _widest(form, yard, count)
            if laid:
                return _in_reading_order(laid, form["angle"], yard.centroid)
    if count:
        raise Refused(
            "{file}: {count} buildings do not fit in {code}. Make them shorter, or enlarge the outline.",
            file=FILE,
            count=count,
            code=code,
        )
    return []


def _form(code: str, told: Form, shrunk: float) -> dict[str, float]:
    chance = Random(code)
    length = chance.choice((48.0, 54.0, 60.0, 66.0)) * shrunk
    usual = {
        "length": length,
        "depth": chance.choice((14.0, 15.0, 16.0)) * max(shrunk, 0.7),
        "angle": round(chance.uniform(-7, 7), 1),
        "bays": max(1.0, round(length / 20)),
        "jitter": 0.0,
    }
    return usual | dict(told)


def _widest(form: Form, yard: Polygon, count: int) -> list[Polygon]:
    for spacing in range(70, 16, -2):
        laid = (_rows(form, yard, spacing, shift) for shift in product(range(0, 60, 12), repeat=2))
        chosen = [_outermost(slabs, yard, count) for slabs in laid if len(slabs) >= count]
        if chosen:
            return max(chosen, key=lambda slabs: shapely.union_all(slabs).convex_hull.area)
    return []


def _outermost(slabs: list[Polygon], yard: Polygon, count: int) -> list[Polygon]:
    return sorted(slabs, key=lambda slab: -slab.centroid.distance(yard.centroid))[:count]


def _rows(form: Form, yard: Polygon, spacing: float, shift: tuple[int, ...]) -> list[Polygon]:
    heart, angle = yard.centroid, form["angle"]
    turned = rotate(yard, -angle, origin=heart)
    west, south, east, north = translate(turned, -heart.x, -heart.y).bounds
    across, up = form["length"] + max(_GAP, spacing * _GAP_SHARE), form["depth"] + spacing
    block, slabs = _slab(form), []
    shapely.prepare(turned)
    for row, column in product(range(int((north - south) // up) + 1), range(int((east - west) // across) + 1)):
        x, y = west + shift[0] + column * across + row % 2 * 7, south + shift[1] + row * up
        lean = form["jitter"] * math.sin(2.7 * column + 1.9 * row)
        slabs.append(translate(rotate(block, lean), heart.x + x, heart.y + y))
    return [rotate(one, angle, origin=heart) for one in slabs if turned.contains(one)]


def _slab(form: Form) -> Polygon:
    # Seen from above, a block of flats has its stairwells standing out on the north side.
    length, depth, bays = form["length"], form["depth"], int(form["bays"])
    body = shapely.box(-length / 2, -depth / 2, length / 2, depth / 2)
    middles = [length * ((bay + 0.5) / bays - 0.5) for bay in range(bays)]
    stairs = [shapely.box(x - 3.2, depth / 2 - 1, x + 3.2, depth / 2 + 2.2) for x in middles]
    outline: Polygon = shapely.get_parts(shapely.union_all([body, *stairs]))[0]
    return outline


def _in_reading_order(slabs: list[Polygon], angle: float, heart: Point) -> list[Polygon]:
    def key(one: Polygon) -> tuple[int, float]:
        level = rotate(one.centroid, -angle, origin=heart)
        return -round(level.y / 12), level.x

    return sorted(slabs, key=key)
