"""Tiling: the land of an area divided among those in it, along streets that are there or by ones that are laid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from services.places.drawing import cutting
from services.places.drawing.cutting import Halves, Land
from services.places.drawing.plan import Course, Plan
from services.places.drawing.plan_reading import FILE
from services.places.drawing.trees import Node
from services.system.errors import Refused

# How wide a laid street is by what it parts; a town without a street of its own gets a wide one first.
_WIDTHS: Mapping[str, float] = {"district": 30.0, "street": 26.0, "community": 18.0, "grid": 11.0}
_MAIN = 26.0
_TRACK = 6.0
_UNEQUAL = 1.7  # how much more land an area may get than its share, when a street makes a good border
_Parts = tuple[Sequence[Node], Sequence[Node]]


@dataclass
class Town:
    """A plan being drawn: the water on it, and the streets that were laid so far."""

    plan: Plan
    wet: BaseGeometry
    laid: list[Course] = field(default_factory=list)

    def lay(self, line: BaseGeometry, width: float) -> None:
        """Add a street where it is dry; lines that don't hang together are several streets."""
        dry = line.difference(self.wet)
        for part in shapely.get_parts(dry):
            if isinstance(part, LineString) and part.length > width:
                self.laid.append(Course("road", "", width, part))


def town(plan: Plan) -> Town:
    """The plan with its water, before anything is laid on it."""
    rivers = [river.band for river in plan.rivers]
    wet = shapely.union_all([*rivers, *(water.shape for water in plan.waters)]).buffer(4)
    return Town(plan, wet)


def tile(node: Node, region: Polygon, ground: Town) -> Iterator[tuple[Node, Polygon]]:
    """The innermost tiles with their land."""
    if not node.tiles:
        yield node, region
        return
    for child, part in divide(node.tiles, region, ground):
        yield from tile(child, part, ground)


def divide(nodes: Sequence[Node], region: Polygon, ground: Town) -> Iterator[tuple[Node, Polygon]]:
    """The region among areas of one level."""
    if len(nodes) == 1:
        yield nodes[0], region
        return
    land = cutting.land(region, ground.wet)
    halves, (first, second) = _by_course(nodes, land, ground) or _by_laying(nodes, land, ground)
    yield from divide(first, halves.first, ground)
    yield from divide(second, halves.second, ground)


def _by_course(nodes: Sequence[Node], land: Land, ground: Town) -> tuple[Halves, _Parts] | None:
    """Along the widest street or river that parts them well."""
    for course in sorted((*ground.plan.rivers, *ground.plan.streets), key=lambda one: -one.width):
        halves = cutting.along(land, course.line)
        parts = halves and (_by_pins if _pinned(nodes, ground) else _by_room)(nodes, halves, ground)
        if halves and parts:
            return halves, parts
    return None


def _pinned(nodes: Sequence[Node], ground: Town) -> bool:
    return all(node.code in ground.plan.at for node in nodes)


def _by_pins(nodes: Sequence[Node], halves: Halves, ground: Town) -> _Parts | None:
    first = [node for node in nodes if halves.first.contains(ground.plan.at[node.code])]
    second = [node for node in nodes if node not in first]
    return (first, second) if first and second else None


def _by_room(nodes: Sequence[Node], halves: Halves, ground: Town) -> _Parts | None:
    """In the order of the file, the first ones nearest to the centre; none where it would be too unequal."""
    near = _nearer(halves, ground)
    share = halves.share if near else 1 - halves.share
    at = _nearest(nodes, share)
    room = _room(nodes[:at]) / _room(nodes)
    if share < 0.08 or not 1 / _UNEQUAL < share / room < _UNEQUAL or (1 - share) / (1 - room) > _UNEQUAL:
        return None
    return _sides(nodes, at, near)


def _by_laying(nodes: Sequence[Node], land: Land, ground: Town) -> tuple[Halves, _Parts]:
    at = _nearest(nodes, 0.5)
    chance = Random("-".join((nodes[0].code, nodes[-1].code)))
    halves = cutting.across(land, _room(nodes[:at]) / _room(nodes), chance)
    if halves is None:
        raise Refused(
            "{file}: there is no room for {code} beside the others. Enlarge the outline, or move a street.",
            file=FILE,
            code=nodes[-1].code,
        )
    main = not ground.plan.streets and not ground.laid
    rural = all(node.rural for node in nodes) and nodes[0].level == "grid"
    ground.lay(halves.line, _MAIN if main else _TRACK if rural else _WIDTHS[nodes[0].level])
    if _pinned(nodes, ground):
        return halves, _by_pins(nodes, halves, ground) or _sides(nodes, at, first=True)
    likely = abs(halves.share - _room(nodes[:at]) / _room(nodes)) <= abs(
        halves.share - _room(nodes[at:]) / _room(nodes)
    )
    even = abs(_room(nodes[:at]) / _room(nodes) - 0.5) < 0.02
    return halves, _sides(nodes, at, _nearer(halves, ground) if even else likely)


def _nearer(halves: Halves, ground: Town) -> bool:
    """Whether the first half is the one nearer to the centre."""
    centre = ground.plan.centre
    return bool(halves.first.centroid.distance(centre) <= halves.second.centroid.distance(centre))


def _sides(nodes: Sequence[Node], at: int, first: bool) -> _Parts:
    return (nodes[:at], nodes[at:]) if first else (nodes[at:], nodes[:at])


def _room(nodes: Sequence[Node]) -> float:
    return sum(node.room for node in nodes)


def _nearest(nodes: Sequence[Node], share: float) -> int:
    """After how many of the areas the room they need comes nearest to ``share`` of all."""
    whole = _room(nodes)
    return min(range(1, len(nodes)), key=lambda at: abs(_room(nodes[:at]) / whole - share))
