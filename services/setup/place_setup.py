"""A place from its name: what everything that is typed afterwards lies in."""

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.places import place_from_name, schematic_map
from services.places.place_from_name import NewPlace, create_place
from services.rights.permissions import Actor
from services.words.cleaning import clean


def begin(session: Session, actor: Actor, name: str, level: str, prefix: str = "") -> Place:
    """Make a place of ``level``; its numbers begin with ``prefix``, or with one that is free. Its map is schematic."""
    told = clean(prefix).upper() or place_from_name.prefix_for(session, clean(name))
    place = create_place(session, actor, NewPlace(slug_for(told), clean(name), told, level))
    schematic_map.settle(session, session.get_one(Area, place.area_id))
    return place


def slug_for(prefix: str) -> str:
    """The short name of the place, from its prefix; it has at least two signs."""
    return prefix.lower() if len(prefix) > 1 else f"{prefix.lower()}_"
