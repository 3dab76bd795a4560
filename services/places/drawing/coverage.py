"""Coverage: tiles in metres become outlines in degrees that share every corner of their borders."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import Polygon, STRtree
from shapely.ops import polygonize

from services.places.drawing.plan import Plan
from services.places.drawing.plan_reading import FILE
from services.places.drawing.trees import Node
from services.system.errors import Refused

DIGITS = 6  # about 0.1 m
_METRES_PER_DEGREE = 111_320.0
Shapes = dict[str, Polygon]


def degrees(plan: Plan) -> Callable[[Any], Any]:
    """A function that turns the plan's metres into longitude and latitude (WGS-84)."""
    lng, lat = plan.origin
    size = [_METRES_PER_DEGREE * math.cos(math.radians(lat)), _METRES_PER_DEGREE]
    return lambda spots: spots / size + [lng, lat]


def rounded(plan: Plan, drawn: Any, digits: int = DIGITS) -> Any:
    """What is drawn in metres, in degrees of so many decimals."""
    turn = degrees(plan)
    return shapely.transform(drawn, lambda spots: turn(spots).round(digits))


def meshed(plan: Plan, tiles: Mapping[str, Polygon]) -> Shapes:
    """The innermost tiles in degrees, without gap or overlap: their borders are rounded as one net.

    Rounded one by one, a corner that ends on a neighbour's straight border would leave it by a hand's breadth.
    """
    codes, turned = list(tiles), [shapely.transform(one, degrees(plan)) for one in tiles.values()]
    net = shapely.union_all([one.boundary for one in turned], grid_size=10**-DIGITS)
    faces = [shapely.transform(face, lambda spots: spots.round(DIGITS)) for face in polygonize(net)]
    tree, held = STRtree(turned), dict[str, list[Polygon]]()
    for face in faces:
        spot = face.representative_point()
        near = tree.query(spot, predicate="intersects")
        if len(near):
            held.setdefault(codes[int(near[0])], []).append(face)
    return {code: _whole(code, held.get(code, [])) for code in codes}


def upwards(root: Node, leaves: Shapes) -> Shapes:
    """Every tile by its code: what isn't innermost is the sum of those in it."""
    shapes: Shapes = {}
    for node in reversed(list(root.all())):
        if node.tiles:
            shapes[node.code] = _whole(node.code, [shapes[child.code] for child in node.tiles])
        elif node.code in leaves:
            shapes[node.code] = leaves[node.code]
    return {node.code: shapes[node.code] for node in root.all() if node.code in shapes}


def _whole(code: str, parts: Sequence[Polygon]) -> Polygon:
    joined = shapely.get_parts(shapely.coverage_union_all(np.array(parts, dtype=object)))
    if len(joined) != 1 or not isinstance(joined[0], Polygon) or not joined[0].is_valid:
        raise Refused(
            "{file}: {code} falls apart between the streets. Move the street that runs along its border.",
            file=FILE,
            code=code,
        )
    return joined[0]
