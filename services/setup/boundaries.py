"""Boundaries 边界 as they are drawn on the map: held against the area around, those beside and those inside."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, select

from models.area import Area
from services.places import areas, schematic_map
from services.rights.permissions import Actor
from services.setup import area_setup, changes
from services.setup.subjects import AREAS, SUBJECTS
from services.system.errors import Refused, listed

MAX_CORNERS = 20_000
# Of the smaller surface: two lines drawn by hand never meet, and what lies over by so little is cut off.
_TOLERANCE = 0.05
_CRUMB = 0.001  # of the surface: what cutting leaves beside the area itself
_UNREADABLE_BY = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, ShapelyError)

_OUT = listed("The boundary leaves {name} near {lng}, {lat}. Draw it inside.")
_OVER = listed("The boundary lies over {name} near {lng}, {lat}. Draw it beside.")
_LEFT_OUT = listed("{name} lies inside and would stick out near {lng}, {lat}. Draw around it.")


def draw(session: Session, actor: Actor, code: str, seen: str, geometry: Mapping[str, Any]) -> Area:
    """Give an area the boundary somebody drew (GeoJSON, WGS-84); its edges are laid against those around it.

    Refused, with where, when it crosses itself, leaves the area around it, lies over one beside it, or leaves out what
    lies inside.
    """
    area: Area = changes.claim(session, actor, SUBJECTS[AREAS], code, seen)
    outline = check(session, area, geometry)
    told = {**schematic_map.columns(outline), "schematic": False}
    changes.apply(session, actor, SUBJECTS[AREAS], area, told, "draw")
    area_setup.settle(session, area)
    return area


def check(session: Session, area: Area, geometry: Mapping[str, Any]) -> BaseGeometry:
    """The outline as it will be kept; Refused with what is wrong, and where."""
    outline = _read(geometry)
    above = session.get(Area, area.parent_id or 0)
    around = schematic_map.drawn(above) if above else None
    if above is not None and around is not None:
        _held(outline.difference(around), outline, _OUT, above.name)
        outline = outline.intersection(around)
    for other in _others(session, area, Area.parent_id == area.parent_id):
        _held(other[1].intersection(outline), _smaller(outline, other[1]), _OVER, other[0].name)
        outline = outline.difference(other[1])
    outline = _surfaces(outline)
    for inside, drawn in _others(session, area, Area.parent_id == area.id):
        _held(drawn.difference(outline), drawn, _LEFT_OUT, inside.name)
    return outline


def _others(session: Session, area: Area, wanted: Any) -> list[tuple[Area, BaseGeometry]]:
    query = select(Area).where(wanted, areas.standing(), Area.id != area.id)
    found = ((other, schematic_map.drawn(other)) for other in session.exec(query))
    return [(other, drawn) for other, drawn in found if drawn is not None]


def _smaller(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    return min(one, other, key=lambda outline: float(outline.area))


def _held(over: BaseGeometry, whole: BaseGeometry, message: str, name: str) -> None:
    """Refused where what lies over is more than hands can't help."""
    if over.area > _TOLERANCE * whole.area:
        largest = max(shapely.get_parts(over).tolist(), key=lambda part: float(part.area))
        at = largest.representative_point()
        raise Refused(message, name=name, lng=f"{at.x:.5f}", lat=f"{at.y:.5f}")


def _read(geometry: Mapping[str, Any]) -> BaseGeometry:
    try:
        outline = shapely.force_2d(shape(dict(geometry)))
        corners = shapely.get_coordinates(outline)
    except _UNREADABLE_BY:
        raise Refused("The boundary can't be read. Draw it again.") from None
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty or not np.isfinite(corners).all():
        raise Refused("A boundary is a closed shape. Draw one around the area.")
    if len(corners) > MAX_CORNERS:
        raise Refused("The boundary has {count} corners; {limit} are allowed.", count=len(corners), limit=MAX_CORNERS)
    if (np.abs(corners[:, 0]) > 180).any() or (np.abs(corners[:, 1]) > 90).any():
        raise Refused("The boundary can't be read. Draw it again.")
    if not outline.is_valid:
        lng, lat = _crossing(outline)
        raise Refused("The boundary crosses itself near {lng}, {lat}. Draw it again there.", lng=lng, lat=lat)
    return outline


def _crossing(outline: BaseGeometry) -> tuple[str, str]:
    said = shapely.is_valid_reason(outline).rpartition("[")[2].rstrip("]").split()
    lng, lat = (float(number) for number in said) if len(said) == 2 else (outline.centroid.x, outline.centroid.y)
    return f"{lng:.5f}", f"{lat:.5f}"


def _surfaces(outline: BaseGeometry) -> BaseGeometry:
    """What is left after cutting, without crumbs along the edges."""
    parts = [part for part in shapely.get_parts(outline).tolist() if part.geom_type == "Polygon"]
    kept = [part for part in parts if part.area > _CRUMB * outline.area]
    if not kept:
        raise Refused("A boundary is a closed shape. Draw one around the area.")
    return kept[0] if len(kept) == 1 else MultiPolygon(kept)
