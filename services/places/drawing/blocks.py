"""Blocks: what is left of a tile between streets, parks and water, and the estates that stand on it, in metres."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from services.places.drawing import cutting
from services.places.drawing.plan import Patch
from services.places.drawing.plan_reading import FILE
from services.places.drawing.tiling import Town
from services.places.drawing.trees import Node
from services.system.errors import Refused

_ROUNDED = 14.0
_LANE = 7.0
_TRACK = 4.0
_LEAST = 900.0  # square metres; less is a verge
_POND_EVERY = 6


@dataclass
class Ground:
    """What is taken by streets, parks and water, and what the blocks without an estate are."""

    town: Town
    taken: BaseGeometry
    patches: list[Patch] = field(default_factory=list)


def ground(town: Town) -> Ground:
    """The ground once all tiles are divided."""
    plan = town.plan
    bands = [street.line.buffer(street.width / 2 + 1) for street in (*plan.streets, *town.laid)]
    parks = [green.shape.buffer(5) for green in plan.greens]
    return Ground(town, shapely.union_all([*bands, *parks, town.wet.buffer(14)]))


def estates(node: Node, tile: Polygon, on: Ground) -> dict[str, Polygon]:
    """The estates of a tile by code; the other blocks become what the land is used for."""
    free = tile.intersection(on.town.plan.outline.buffer(-on.town.plan.inset)).buffer(-2).difference(on.taken)
    pieces = _opened(free)
    pins = {one.code: on.town.plan.at[one.code] for one in node.estates if one.code in on.town.plan.at}
    if pins and len(pins) == len(node.estates):
        return {code: _holding(code, pieces, pin) for code, pin in pins.items()}
    blocks = _blocks(node, pieces, on)
    if len(blocks) < len(node.estates):
        raise _full(node.code)
    kept = _settled(node, blocks)
    _use(node, [block for block in blocks if all(block is not one for one in kept.values())], on)
    return kept


def _full(code: str) -> Refused:
    return Refused(
        "{file}: there is no room for {code} beside the others. Enlarge the outline, or move a street.",
        file=FILE,
        code=code,
    )


def _opened(shape: BaseGeometry) -> list[Polygon]:
    """The parts of a shape without their thin ends, large ones only."""
    soft = shape.buffer(-_ROUNDED).buffer(_ROUNDED).simplify(0.4)
    return [one for one in shapely.get_parts(soft) if isinstance(one, Polygon) and one.area > _LEAST]


def _holding(code: str, pieces: Sequence[Polygon], pin: shapely.Point) -> Polygon:
    for piece in pieces:
        if piece.contains(pin):
            return Polygon(piece.exterior)
    raise Refused("{file}: {code} is pinned where a street, a park or water is. Move its point.", file=FILE, code=code)


def _blocks(node: Node, pieces: Sequence[Polygon], on: Ground) -> list[Polygon]:
    counts = [max(1, round(piece.area / on.town.plan.block)) for piece in pieces]
    while pieces and sum(counts) < len(node.estates):
        fullest = max(range(len(pieces)), key=lambda at: pieces[at].area / counts[at])
        counts[fullest] += 1
    chance = Random(node.code)
    return [
        block for piece, count in zip(pieces, counts, strict=True) for block in _cut(node, piece, count, on, chance)
    ]


def _cut(node: Node, piece: Polygon, count: int, on: Ground, chance: Random) -> list[Polygon]:
    if count == 1:
        return [piece]
    halves = cutting.across(cutting.land(piece), (count // 2) / count, chance)
    if halves is None:
        return [piece]
    width = _TRACK if node.rural else _LANE
    on.town.lay(halves.line, width)
    lane = halves.line.buffer(width / 2 + 1.5)
    parts = [(halves.first, count // 2), (halves.second, count - count // 2)]
    if abs(halves.share - count // 2 / count) > 0.5 * abs(1 - 2 * (count // 2) / count):
        parts = [(halves.first, count - count // 2), (halves.second, count // 2)]
    return [
        block
        for part, many in parts
        for one in _opened(part.difference(lane))
        for block in _cut(node, one, max(1, round(many * one.area / part.area)), on, chance)
    ]


def _settled(node: Node, blocks: Sequence[Polygon]) -> dict[str, Polygon]:
    """The estates with most in them on the largest blocks."""
    roomy = sorted(blocks, key=lambda one: -one.area)
    largest = sorted(node.estates, key=lambda one: (-one.room, one.code))
    return {one.code: block for one, block in zip(largest, roomy, strict=False)}


def _use(node: Node, blocks: Sequence[Polygon], on: Ground) -> None:
    for number, block in enumerate(blocks):
        special = number % _POND_EVERY == _POND_EVERY // 2
        if node.rural:
            pond = block.buffer(-25).buffer(12)
            on.patches.append(Patch("field", "", block))
            if special and isinstance(pond, Polygon) and not pond.is_empty:
                on.patches.append(Patch("water", "", Polygon(pond.exterior)))
        else:
            on.patches.append(Patch("green" if special else "block", "", block))
