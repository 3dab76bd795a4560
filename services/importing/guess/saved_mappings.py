"""Saved mappings: how the files of one office are read, under a name of its own."""

from collections.abc import Callable

from sqlmodel import Session, col, select

from models.area import Area
from models.importing import SavedMapping
from services.engine import fields
from services.importing.mapping import mapping
from services.importing.mapping.mapping import Mapping
from services.importing.target import import_places, new_places
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import NotFound, Refused, listed

_NAME = 48


def saved(session: Session, actor: Actor, kind: str) -> list[SavedMapping]:
    """The saved mappings of a kind, by name: those for the places the actor may import into."""
    found = select(SavedMapping).where(SavedMapping.kind == kind).order_by(col(SavedMapping.name))
    open_here = _open_to(session, actor)
    return [one for one in session.exec(found) if open_here(one)]


def _open_to(session: Session, actor: Actor) -> Callable[[SavedMapping], bool]:
    """Whether a mapping is for a place the actor may import into: its words are the words of that place."""
    slugs = {place.slug for place in new_places.open_to(session, actor)}
    return lambda one: not actor.area_path or one.content.get("place") in slugs


def load(session: Session, name: str) -> Mapping:
    """The mapping saved, or shipped, under ``name``; NotFound when there is none."""
    found = _called(session, name)
    if found is not None:
        return mapping.read(dict(found.content) | {"name": found.name})
    if name in mapping.shipped():
        return mapping.ship(name)
    raise NotFound("There is no mapping {name}. Choose one from the list.", name=name[:_NAME])


def save(session: Session, actor: Actor, name: str, told: Mapping) -> SavedMapping:
    """Keep a mapping under ``name``, in the place of one of the same kind that has the name already."""
    place = import_places.by_slug(session, told.place)
    where = session.get_one(Area, place.area_id).path if place else ""
    require(actor, "import.run", where)
    problem = mapping.problems(told)
    if problem:
        raise Refused("The mapping can't be saved: {problem}. Correct it first.", problem=problem)
    named = _name(name)
    found = _called(session, named)
    if found is not None and not _open_to(session, actor)(found):
        raise Refused("The name {name} is taken by a mapping of another place. Choose another.", name=named)
    found = found or SavedMapping(name=named, kind=told.kind, content={}, at=clock.now(), actor="")
    if found.kind != told.kind:
        raise Refused("The name {name} is taken by a mapping of another kind. Choose another.", name=named)
    found.content = told.model_copy(update={"name": named}).model_dump(mode="json")
    found.at, found.actor = clock.now(), actor.name[:64]
    session.add(found)
    session.flush()
    audit.write(session, actor.name, "mapping.save", named, {"kind": told.kind}, area=where)
    return found


def remove(session: Session, actor: Actor, name: str) -> None:
    """Forget a saved mapping; what was imported by it stays."""
    found = _called(session, name)
    if found is None or not _open_to(session, actor)(found):
        raise NotFound("There is no mapping {name}. Choose one from the list.", name=name[:_NAME])
    place = import_places.by_slug(session, str(found.content.get("place") or ""))
    where = session.get_one(Area, place.area_id).path if place else ""
    session.delete(found)
    session.flush()
    audit.write(session, actor.name, "mapping.delete", found.name, {"kind": found.kind}, area=where)


def _called(session: Session, name: str) -> SavedMapping | None:
    return session.exec(select(SavedMapping).where(SavedMapping.name == name)).first()


def _name(name: str) -> str:
    named = fields.text(
        name,
        _NAME,
        Refused("Enter a name for the mapping, such as the name of the office and its ledger."),
        listed("The name is {length} characters long. Shorten it to {limit}."),
    )
    if named in mapping.shipped():
        raise Refused("The name {name} belongs to a mapping of the program. Choose another.", name=named)
    return named
