"""Places: put a place pack's areas, organisations, forums, venues and offices into the database.

Another community is another folder under ``data/places``. What is wrong in one is refused with the file and the row.
Coordinates are WGS-84 degrees.
"""

import json
from pathlib import Path
from typing import Any

from shapely import GEOSException
from shapely.geometry import shape
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.places.place_packs import PLACES, Pack, Row, known_packs, pack, rows, unreadable
from services.system import data_files
from services.system.errors import NotFound, Refused
from services.words.vocabulary import codes

__all__ = ["PLACES", "Pack", "known_packs", "load_place", "loaded", "pack"]


def load_place(session: Session, slug: str, folder: Path = PLACES) -> Place:
    """Load the pack called ``slug``; a place that is loaded already is returned as it stands.

    Refused for an unknown slug or a broken pack, with the file and the row. The caller's transaction keeps or drops it.
    """
    told = pack(slug, folder)
    before = session.exec(_called(slug)).first()
    if before:
        return before
    areas = _load_areas(session, told)
    organisations = _load_organisations(session, told, areas)
    _load_forums(session, told, areas, organisations)
    _load_venues(session, told, areas)
    _load_offices(session, told, areas, organisations)
    place = Place(slug=slug, name=told.name, prefix=told.prefix, area_id=areas[told.root].id, sample=told.sample)
    session.add(place)
    session.flush()
    return place


def _called(slug: str) -> SelectOfScalar[Place]:
    return select(Place).where(Place.slug == slug)


def loaded(session: Session, slug: str) -> Place:
    """The place called ``slug``, which must have been loaded."""
    found = session.exec(_called(slug)).first()
    if found is None:
        raise NotFound("The place {slug} is not loaded. Run: python manage.py demo", slug=slug[:40])
    return found


def _load_areas(session: Session, told: Pack) -> dict[str, Area]:
    shapes, areas = _shapes(told), dict[str, Area]()
    for row in rows(told, "areas.csv"):
        above_root = told.root not in areas and row["code"] != told.root
        found = session.exec(select(Area).where(Area.code == row["code"])).first()
        shared = found if above_root else None
        code = row.new(areas if shared or not found else {row["code"]})
        areas[code] = shared or _add_area(session, told, row, areas, shapes.pop(code, None))
    if told.root not in areas or shapes:
        missing = next(iter(shapes), told.root)
        raise Refused("areas.csv has no area {code}, which the pack names elsewhere. Add its row.", code=missing)
    return areas


def _add_area(session: Session, told: Pack, row: Row, areas: dict[str, Area], geometry: dict[str, Any] | None) -> Area:
    parent = areas[row.one_of("parent", areas)] if row["parent"] else None
    area = Area(
        code=row["code"],
        name=row["name"],
        level=row.one_of("level", codes("level")),
        kind=row.one_of("kind", codes("estate")) if row["kind"] else None,
        path=f"{parent.path if parent else ''}{row['code']}/",
        parent_id=parent.id if parent else None,
        households=row.count("households"),
        geometry=geometry,
        schematic=row["schematic"] == "1",
        sample=told.sample,
    )
    area.lng, area.lat = _middle(geometry)
    session.add(area)
    session.flush()
    return area


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


def _load_organisations(session: Session, told: Pack, areas: dict[str, Area]) -> dict[str, Organisation]:
    kept: dict[str, Organisation] = {}
    for row in rows(told, "organisations.csv"):
        parent = kept[row.one_of("parent", kept)] if row["parent"] else None
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


def _load_forums(session: Session, told: Pack, areas: dict[str, Area], organisations: dict[str, Organisation]) -> None:
    rulesets, taken = {row["ruleset"] for row in data_files.rows("rules.csv")} - {""}, set[str]()
    for row in rows(told, "forums.csv"):
        session.add(
            Forum(
                code=row.new(taken),
                name=row["name"],
                area_id=areas[row.one_of("area", areas)].id,
                organisation_id=_body(row, organisations),
                ruleset=row.one_of("ruleset", rulesets),
                expected=row.count("expected"),
                description=row["description"],
                sample=told.sample,
            )
        )
        taken.add(row["code"])


def _load_venues(session: Session, told: Pack, areas: dict[str, Area]) -> None:
    taken = set[str]()
    for row in rows(told, "venues.csv"):
        session.add(
            Venue(
                code=row.new(taken),
                name=row["name"],
                kind=row.one_of("kind", codes("venue")),
                area_id=areas[row.one_of("area", areas)].id,
                lng=row.position("lng") if row["lng"] else None,
                lat=row.position("lat") if row["lat"] else None,
                capacity=row.count("capacity"),
                hours=row["hours"],
                sample=told.sample,
            )
        )
        taken.add(row["code"])


def _load_offices(session: Session, told: Pack, areas: dict[str, Area], organisations: dict[str, Organisation]) -> None:
    taken = set[str]()
    for row in rows(told, "offices.csv"):
        session.add(
            Office(
                code=row.new(taken),
                title=row["title"],
                kind=row.one_of("kind", codes("office")),
                area_id=areas[row.one_of("area", areas)].id,
                organisation_id=_body(row, organisations),
                filled=row["filled"] == "1",
                households=row.count("households"),
                sample=told.sample,
            )
        )
        taken.add(row["code"])


def _body(row: Row, organisations: dict[str, Organisation]) -> int | None:
    return organisations[row.one_of("organisation", organisations)].id if row["organisation"] else None
