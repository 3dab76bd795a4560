"""A schematic map for areas nobody has drawn: nested blocks of tiles, larger where more areas are inside."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models.area import Area

_KM_PER_DEGREE = 111.32
_SHAPE = 1.5  # how much wider than high a block is
_GAP = 0.06  # of the shorter side of a block, around everything inside it


@dataclass(frozen=True)
class Box:
    """A rectangle in kilometres east and south of the middle of the map."""

    left: float
    top: float
    width: float
    height: float

    def inside(self, gap: float) -> "Box":
        """The box without a margin of ``gap`` on each side."""
        return Box(self.left + gap, self.top + gap, self.width - 2 * gap, self.height - 2 * gap)


def tiles(areas: Iterable[Area], lng: float, lat: float, width_km: float) -> dict[int, dict[str, Any]]:
    """A GeoJSON polygon for each area, by id: every area lies inside its parent, none touches its sibling.

    ``areas`` is a root and everything below it. The map is ``width_km`` wide around ``lng``, ``lat`` (WGS-84 degrees).
    The same tree always gives the same map, whatever order it comes in.
    """
    children: dict[int | None, list[Area]] = {}
    ordered = sorted(areas, key=lambda area: (len(area.path), area.path))
    for area in ordered:
        children.setdefault(area.parent_id, []).append(area)
    boxes: dict[int, Box] = {}
    if ordered:
        height = width_km / _SHAPE
        _place(ordered[0], children, Box(-width_km / 2, -height / 2, width_km, height), boxes)
    return {area_id: _polygon(box, lng, lat) for area_id, box in boxes.items()}


def _place(area: Area, children: dict[int | None, list[Area]], box: Box, boxes: dict[int, Box]) -> None:
    boxes[area.id] = box
    inner = children.get(area.id, [])
    if not inner:
        return
    # The cube root keeps a block of one from becoming a sliver beside a block of twelve.
    weights = {child.id: math.cbrt(_leaves(child, children)) for child in inner}
    gap = _GAP * min(box.width, box.height) / math.sqrt(len(inner))
    for child, cell in zip(inner, _cells([weights[child.id] for child in inner], box.inside(gap / 2)), strict=True):
        _place(child, children, cell.inside(gap / 2), boxes)


def _leaves(area: Area, children: dict[int | None, list[Area]]) -> int:
    return sum(_leaves(child, children) for child in children.get(area.id, [])) or 1


def _cells(weights: list[float], box: Box) -> list[Box]:
    """Split a box into rows of boxes whose surface follows their weights; the box is filled."""
    rows, total, top = _rows(weights, box), sum(weights), box.top
    cells = []
    for row in rows:
        height, left = box.height * sum(row) / total, box.left
        for weight in row:
            width = box.width * weight / sum(row)
            cells.append(Box(left, top, width, height))
            left += width
        top += height
    return cells


def _rows(weights: list[float], box: Box) -> list[list[float]]:
    """As many rows as make the cells nearest to the usual shape, each with nearly the same number of cells."""
    count = max(1, round(math.sqrt(len(weights) * _SHAPE * box.height / box.width)))
    size, longer = divmod(len(weights), count)
    rows, at = [], 0
    for row in range(count):
        step = size + (row < longer)
        rows.append(weights[at : at + step])
        at += step
    return rows


def _polygon(box: Box, lng: float, lat: float) -> dict[str, Any]:
    east = 1 / (_KM_PER_DEGREE * math.cos(math.radians(lat)))
    west, right = lng + box.left * east, lng + (box.left + box.width) * east
    north, south = lat - box.top / _KM_PER_DEGREE, lat - (box.top + box.height) / _KM_PER_DEGREE
    corners = [(west, south), (right, south), (right, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in corners]]}
