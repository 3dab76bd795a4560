"""Places: put a place pack's areas, organisations, forums, venues, offices and items into the database.

Another community is another folder under ``data/places``. What is wrong in one is refused with the file and the row.
Coordinates are WGS-84 degrees.
"""

from pathlib import Path

from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.item import Item
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.places.pack_trees import load_areas, load_organisations
from services.places.place_packs import PLACES, Pack, Row, known_packs, pack, rows
from services.system import data_files
from services.system.errors import NotFound
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
    areas = load_areas(session, told)
    organisations = load_organisations(session, told, areas)
    _load_forums(session, told, areas, organisations)
    _load_venues(session, told, areas)
    _load_offices(session, told, areas, organisations)
    _load_items(session, told, organisations)
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
                state=row.one_of("state", codes("venue_state")) if row.maybe("state") else "open",
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


def _load_items(session: Session, told: Pack, organisations: dict[str, Organisation]) -> None:
    if not (told.folder / "items.csv").is_file():
        return
    venues = dict(session.exec(select(Venue.code, Venue.id)).all())
    for row in rows(told, "items.csv"):
        session.add(
            Item(
                organisation_id=organisations[row.one_of("organisation", organisations)].id,
                venue_id=venues[row.one_of("venue", venues)] if row.maybe("venue") else None,
                kind=row.one_of("kind", codes("item")),
                name=row["name"],
                instance=row["instance"],
                capacity=row.count("capacity") or 1,
                hours=row["hours"],
                sample=told.sample,
            )
        )


def _body(row: Row, organisations: dict[str, Organisation]) -> int | None:
    return organisations[row.one_of("organisation", organisations)].id if row["organisation"] else None
