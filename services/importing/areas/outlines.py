"""What a real boundary changes on the map of a place: tiles give way, and areas nobody drew are put together."""

from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from models.area import Area
from services.importing.areas.tree import Node
from services.importing.points.geometries import DIGITS, plain

_GRID = 10.0**-DIGITS


def give_way(session: Session, root: Node, keep: Callable[[Area], None]) -> None:
    """Once anything of a place is drawn: an area that is not has the outline of what is drawn in it, or none.

    ``keep`` is told of an area before it changes. What is put together stays marked as schematic: it may have gaps.
    """
    if any(node.area and node.area.geometry and not node.area.schematic for node in _all(root)):
        _together(session, root, keep)


def _all(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in _all(child))]


def _together(session: Session, node: Node, keep: Callable[[Area], None]) -> BaseGeometry | None:
    inside = [found for child in node.children if (found := _together(session, child, keep)) is not None]
    if node.area is None or node.drawn is not None:
        return node.drawn
    joined = shapely.union_all(inside, grid_size=_GRID) if inside else None
    if joined is not None and joined.geom_type not in ("Polygon", "MultiPolygon"):
        joined = None
    told = _columns(joined)
    if any(getattr(node.area, name) != value for name, value in told.items()):
        keep(node.area)
        for name, value in told.items():
            setattr(node.area, name, value)
        session.add(node.area)
    return joined


def _columns(joined: BaseGeometry | None) -> dict[str, Any]:
    if joined is None:
        return {"geometry": None, "lng": None, "lat": None, "schematic": True}
    heart = joined.representative_point()
    drawn = plain(mapping(shapely.transform(joined, lambda flat: flat.round(DIGITS))))
    return {"geometry": drawn, "lng": round(heart.x, DIGITS), "lat": round(heart.y, DIGITS), "schematic": True}
