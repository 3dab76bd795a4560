"""Shapes: areas coloured by a figure, the outline of the area in view, and the ground they lie on."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely.geometry import shape
from shapely.ops import polylabel
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from models.area import Area
from models.place import Place
from services.layers.map_views import View
from services.layers.matter_points import Collection, collection
from services.layers.shading import Shade, as_read, shading, shown
from services.layers.tiles import Box
from services.places import areas, ground_version, screen_outlines
from services.places.areas import Scope
from services.places.place_packs import PLACES
from services.places.screen_outlines import Geometry
from services.rights.permissions import Actor
from services.system.memory.result_cache import Memo

# Of an estate the buildings are the coloured areas themselves.
_CLOSE = ("grid", "building")
_SHOWN = Memo(room=200, megabytes=64)


def coloured(session: Session, actor: Actor, view: View) -> Collection:
    """The areas one level down with the chosen figure; those without a boundary are left out."""
    found = shading(session, actor, view)
    shown = _shown(session, "inside", view.here, col(Area.parent_id) == view.here.area_id)
    drawn = [(shade, shown[shade.area.id]) for shade in found.shades if shade.area.id in shown]
    facts = {"kind": "area", "unit": found.unit, "better": found.better, "edges": found.edges}
    return collection((_coloured(shade, geometry, found.unit) for shade, geometry in drawn), **facts)


def _shown(session: Session, what: str, here: Scope, wanted: ColumnElement[bool]) -> dict[int, Geometry]:
    """The outlines of areas as the screen shows them, by id; simplified once for each state of the ground."""
    key = str(session.get_bind().engine.url), ground_version.ground(session), what, here.area_id
    return _SHOWN.remembered(key, lambda: _simplified(session, wanted))


def _simplified(session: Session, wanted: ColumnElement[bool]) -> dict[int, Geometry]:
    found = session.exec(select(Area.id, Area.geometry).where(wanted, col(Area.geometry).is_not(None))).all()
    drawn = {area_id: dict(geometry) for area_id, geometry in found if geometry}
    return dict(zip(drawn, screen_outlines.lean(list(drawn.values())), strict=True))


def _coloured(shade: Shade, geometry: Geometry, unit: str) -> dict[str, Any]:
    counted = (
        {}
        if shade.withheld
        else {
            "value": as_read(shade.count.value, unit),
            "numerator": shade.count.numerator,
            "denominator": shade.count.denominator,
            "n": shade.count.numerator if shade.count.denominator is None else shade.count.denominator,
            "figure": shown(shade.count, unit),
            "recorded": shade.count.recorded,
        }
    )
    area = shade.area
    words = {"code": area.code, "name": area.name, "level": area.level, "withheld": shade.withheld}
    return _shape(geometry, **words, **counted, **{"class": shade.step}, at=_heart(area.code, json.dumps(geometry)))


def _shape(geometry: Geometry, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@lru_cache(maxsize=4096)
def _heart(_code: str, geometry: str) -> tuple[float, float]:
    drawn = shape(json.loads(geometry))
    largest = max(getattr(drawn, "geoms", [drawn]), key=lambda part: part.area)
    heart = polylabel(largest, tolerance=largest.length / 500)
    return round(heart.x, 6), round(heart.y, 6)


def outline(session: Session, _actor: Actor, view: View) -> Collection:
    """The boundary of the area in view, if it has one."""
    area = session.get_one(Area, view.here.area_id)
    told = _shown(session, "outline", view.here, col(Area.id) == area.id)
    drawn = [_shape(geometry, code=area.code, name=area.name, level=area.level) for geometry in told.values()]
    return collection(drawn, kind="outline")


def ground(session: Session, _actor: Actor, view: View) -> Collection:
    """Roads, green and water of the places in view, and the buildings when the view is close."""
    roots = session.exec(select(Place.slug, Area.path).join(Area, col(Area.id) == Place.area_id)).all()
    here = view.here.path
    slugs = [slug for slug, root in roots if root.startswith(here) or here.startswith(root)]
    features = [feature for slug in slugs for feature in base(PLACES / slug / "base.geojson")]
    return collection(features + _buildings(session, view.here), kind="ground")


@lru_cache(maxsize=16)
def base(path: Path) -> tuple[dict[str, Any], ...]:
    """The features of a place's base map; none when the pack brings no base map."""
    return tuple(json.loads(path.read_text(encoding="utf-8"))["features"]) if path.exists() else ()


def _buildings(session: Session, here: Scope) -> list[dict[str, Any]]:
    if here.level not in _CLOSE:
        return []
    wanted = and_(areas.within(here.path), col(Area.level) == "building", areas.standing())
    return [_shape(geometry, kind="building") for geometry in _shown(session, "buildings", here, wanted).values()]


def bounds(session: Session, here: Scope) -> Box | None:
    """West, south, east, north of the area in view, else of what lies in it; none where nothing is drawn."""
    key = str(session.get_bind().engine.url), ground_version.ground(session), "bounds", here.area_id
    return _SHOWN.remembered(key, lambda: _bounds(session, here))


def _bounds(session: Session, here: Scope) -> Box | None:
    own = session.get_one(Area, here.area_id).geometry
    below = select(Area.geometry).where(areas.within(here.path), col(Area.geometry).is_not(None))
    drawn = [own] if own else [geometry for geometry in session.exec(below) if geometry]
    return screen_outlines.box([dict(geometry) for geometry in drawn])
