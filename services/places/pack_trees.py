"""Trees of a pack: its areas and organisations, as rows of the database, parents before children."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from shapely import GEOSException
from shapely.geometry import shape
from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Organisation
from services.places.place_packs import Pack, Row, area_rows, rows, unreadable
from services.system.errors import Refused
from services.words.vocabulary import codes

_Node = TypeVar("_Node", Area, Organisation)


def load_areas(session: Session, told: Pack) -> dict[str, Area]:
    """The pack's areas by code; those above its root are shared with other places. Refused where a row is wrong."""
    shapes, areas, told_rows = _shapes(told), dict[str, Area](), area_rows(told)
    named = select(Area).where(col(Area.code).in_([row["code"] for row in told_rows]))
    there = {area.code: area for area in session.exec(named)}
    for row in told_rows:
        above_root, found = told.root not in areas and row["code"] != told.root, there.get(row["code"])
        shared = found if above_root else None
        code = row.new(areas if shared or not found else {row["code"]})
        areas[code] = shared or _add_area(session, told, row, areas, shapes.pop(code, None))
    session.flush()
    if told.root not in areas or shapes:
        missing = next(iter(shapes), told.root)
        raise Refused("areas.csv has no area {code}, which the pack names elsewhere. Add its row.", code=missing)
    return areas


def _add_area(session: Session, told: Pack, row: Row, areas: dict[str, Area], geometry: dict[str, Any] | None) -> Area:
    parent = _above(session, row, areas)
    level = row.one_of("level", codes("level"))
    area = Area(
        code=row["code"],
        name=row["name"],
        level=level,
        kind=row.one_of("kind", codes(level)) if row["kind"] else None,
        path=f"{parent.path if parent else ''}{row['code']}/",
        parent_id=parent.id if parent else None,
        households=row.count("households"),
        geometry=geometry,
        schematic=row["schematic"] == "1",
        sample=told.sample,
    )
    area.lng, area.lat = _middle(geometry)
    session.add(area)
    return area


def _above(session: Session, row: Row, known: Mapping[str, _Node]) -> _Node | None:
    """The node that the row hangs below, written so that it has an id; none for a root."""
    parent = known[row.one_of("parent", known)] if row["parent"] else None
    if parent is not None and parent.id is None:
        session.flush()
    return parent


def _shapes(told: Pack) -> dict[str, dict[str, Any]]:
    path = told.folder / "areas.geojson"
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        drawn = {feature["properties"]["code"]: feature["geometry"] for feature in features}
        broken = [code for code, geometry in drawn.items() if not shape(geometry).is_valid]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, GEOSException) as error:
        raise unreadable(path, error) from error
    if broken:
        raise Refused("{file}: the outline of {code} crosses itself. Draw it again.", file=path.name, code=broken[0])
    return drawn


def _middle(geometry: dict[str, Any] | None) -> tuple[float | None, float | None]:
    if geometry is None:
        return None, None
    point = shape(geometry).representative_point()
    return round(point.x, 6), round(point.y, 6)


def load_organisations(session: Session, told: Pack, areas: Mapping[str, Area]) -> dict[str, Organisation]:
    """The pack's organisations by code. Refused where a row is wrong."""
    kept: dict[str, Organisation] = {}
    for row in rows(told, "organisations.csv"):
        parent = _above(session, row, kept)
        code = row.new(kept)
        kept[code] = Organisation(
            code=code,
            name=row["name"],
            kind=row.one_of("kind", codes("organisation")),
            path=f"{parent.path if parent else ''}{code}/",
            parent_id=parent.id if parent else None,
            area_id=areas[row.one_of("area", areas)].id,
            sample=told.sample,
        )
        session.add(kept[code])
    session.flush()
    return kept
