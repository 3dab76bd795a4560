"""The schematic map: what stands for boundaries that nobody has drawn: tiles, or what is drawn inside put together."""

import json
from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from models.area import Area
from services.places import areas, tilemap

DIGITS = 6  # of a degree: a tenth of a metre
# Where nothing is known of a place, its map lies in the middle of the country (WGS-84 degrees, kilometres).
MIDDLE, WIDTH_KM = (108.9, 34.3), 12.0
Inside = dict[int | None, list[Area]]


def settle(session: Session, root: Area) -> None:
    """Let the map of a place follow a change of its areas: tiles while nothing is drawn, else what is put together."""
    if give_way(session, root, lambda _area: None) or root.sample:
        return
    told = tilemap.tiles(areas.in_use(session, root.path), *_middle(root), WIDTH_KM)
    for area in _tree(session, root):
        _tile(session, area, told.get(area.id))


def _middle(root: Area) -> tuple[float, float]:
    return MIDDLE if root.lng is None or root.lat is None else (root.lng, root.lat)


def _tile(session: Session, area: Area, geometry: dict[str, Any] | None) -> None:
    area.geometry, area.schematic = geometry, True
    if geometry:
        (west, south), _, (east, north), *_ = geometry["coordinates"][0]
        area.lng, area.lat = round((west + east) / 2, DIGITS), round((south + north) / 2, DIGITS)
    session.add(area)


def drawn(area: Area) -> BaseGeometry | None:
    """The outline somebody drew, if any; the schematic outlines of a sample place count as drawn."""
    there = bool(area.geometry) and (not area.schematic or area.sample)
    return shape(dict(area.geometry or {})) if there else None


def give_way(session: Session, root: Area | None, keep: Callable[[Area], None]) -> bool:
    """Once anything of a place is drawn: an area that is not has the outline of what is drawn in it, or none.

    ``keep`` is told of an area before it changes. What is put together stays marked as schematic: it may have gaps.
    Returns whether anything is drawn.
    """
    tree = _tree(session, root) if root else []
    if root is None or not any(area.geometry and not area.schematic for area in tree):
        return False
    inside: Inside = {}
    for area in tree:
        inside.setdefault(area.parent_id, []).append(area)
    _together(session, root, inside, keep)
    return True


def _tree(session: Session, root: Area) -> list[Area]:
    return list(session.exec(select(Area).where(areas.within(root.path)).order_by(col(Area.path))))


def _together(session: Session, area: Area, inside: Inside, keep: Callable[[Area], None]) -> BaseGeometry | None:
    below = [(child, _together(session, child, inside, keep)) for child in inside.get(area.id, [])]
    own = drawn(area)
    if own is not None:
        return own
    parts = [found for child, found in below if found is not None and child.closed_at is None]
    joined = shapely.union_all(parts, grid_size=10.0**-DIGITS) if parts else None
    if joined is not None and joined.geom_type not in ("Polygon", "MultiPolygon"):
        joined = None
    told = columns(joined) if joined is not None else {"geometry": None, "lng": None, "lat": None}
    told |= {"schematic": True}
    if any(getattr(area, name) != value for name, value in told.items()):
        keep(area)
        for name, value in told.items():
            setattr(area, name, value)
        session.add(area)
    return joined


def columns(outline: BaseGeometry) -> dict[str, Any]:
    """An outline as an area keeps it: GeoJSON with six decimals, and the point inside it that stands for the area."""
    heart = outline.representative_point()
    rounded = shapely.transform(outline, lambda flat: flat.round(DIGITS))
    geometry = json.loads(json.dumps(mapping(rounded)))
    return {"geometry": geometry, "lng": round(heart.x, DIGITS), "lat": round(heart.y, DIGITS)}
