"""Areas: the tree, what lies below, and which area holds a point."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import defer
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.place import Place
from services.places import boundaries, fullest, ground_version
from services.rights.permissions import Actor
from services.system.errors import NotFound, Refused
from services.system.memory.result_cache import Memo

# One of an earlier version may still be asked by somebody who reads an earlier state.
_PLACERS = Memo(room=2, megabytes=1024)
# The outline of a city has a hundred thousand corners, and most who ask for an area want its name: it is read when
# somebody asks for it.
WITHOUT_OUTLINES: ORMOption = defer(Area.geometry)  # type: ignore[arg-type]
LEVELS = ("city", "district", "street", "community", "grid", "estate", "building")


@dataclass(frozen=True)
class Scope:
    """A node of the tree and everything below it."""

    area_id: int
    code: str
    name: str
    level: str
    path: str


def within(path: str) -> ColumnElement[bool]:
    """The condition that holds for areas at or below ``path``."""
    return col(Area.path).startswith(path, autoescape=True)


def related(path: str) -> ColumnElement[bool]:
    """The condition that holds for areas at or below ``path``, and for those around it."""
    parts = path.rstrip("/").split("/")
    above = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    return or_(within(path), col(Area.path).in_(above))


def standing() -> ColumnElement[bool]:
    """The condition that holds for areas that were not closed."""
    return col(Area.closed_at).is_(None)


def _named() -> SelectOfScalar[Area]:
    return select(Area).options(WITHOUT_OUTLINES)


def roots(session: Session, actor: Actor) -> list[Area]:
    """Where this actor's view begins: its own area, or the root of every place."""
    if actor.area_id:
        return [session.get_one(Area, actor.area_id)]
    return list(session.exec(_named().join(Place, col(Place.area_id) == Area.id).order_by(col(Place.id))))


def scope(session: Session, actor: Actor, code: str | None) -> Scope:
    """The area called ``code`` if the actor may look there.

    When none is named it is the actor's own, and for whoever looks at every place the root of that which shows most.
    """
    if not code:
        found = _beginning(session, actor)
        if found is None:
            raise NotFound(
                "No place is here yet. Bring in its areas first, under Import or with: python manage.py import areas"
            )
        return _scope(found)
    named = session.exec(_named().where(Area.code == code)).first()
    if named is None or not named.path.startswith(actor.area_path):
        raise NotFound("There is no area {code} that you can see. Choose one from the list.", code=code[:40])
    return _scope(named)


def _beginning(session: Session, actor: Actor) -> Area | None:
    if actor.area_id:
        return session.get_one(Area, actor.area_id)
    first = next(iter(fullest.first(session)), None)
    return session.get_one(Area, first, options=[WITHOUT_OUTLINES]) if first else None


def named(session: Session, code: str) -> Area | None:
    """The area called ``code``, if there is one."""
    return session.exec(_named().where(Area.code == code)).first() if code else None


def _scope(area: Area) -> Scope:
    return Scope(area.id, area.code, area.name, area.level, area.path)


def ancestors(session: Session, path: str, top: str = "") -> list[Area]:
    """The areas from ``top`` (or the root) down to ``path``, for a breadcrumb."""
    parts = path.rstrip("/").split("/")
    paths = ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    found = session.exec(_named().where(col(Area.path).in_(paths)).order_by(func.length(col(Area.path))))
    return [area for area in found if area.path.startswith(top)]


def children(session: Session, area_id: int) -> list[Area]:
    """The standing areas one level down, in the order of their codes."""
    inside = _named().where(Area.parent_id == area_id, standing())
    return list(session.exec(inside.order_by(func.length(col(Area.code)), col(Area.code))))


def descend(session: Session, path: str, level: str) -> list[Area]:
    """The standing areas of one level at or below ``path``."""
    found = _named().where(within(path), Area.level == level, standing())
    return list(session.exec(found.order_by(func.length(col(Area.code)), col(Area.code))))


def under(session: Session, path: str) -> list[Area]:
    """Every area at or below ``path``, closed ones too, parents before children."""
    return list(session.exec(_named().where(within(path)).order_by(col(Area.path))))


def in_use(session: Session, path: str) -> list[Area]:
    """Every standing area at or below ``path``, parents before children: what may be chosen for something new."""
    return list(session.exec(_named().where(within(path), standing()).order_by(col(Area.path))))


def ids_within(session: Session, path: str) -> list[int]:
    """The ids of the areas at or below ``path``."""
    return list(session.exec(select(Area.id).where(within(path))))


def place_at(session: Session, path: str) -> Place | None:
    """The place that ``path`` lies in; none above or outside every place."""
    for place, root in session.exec(select(Place, Area.path).join(Area, col(Area.id) == Place.area_id)):
        if path.startswith(root):
            return place
    return None


def place_of(session: Session, area: Area) -> Place:
    """The place an area belongs to; Refused where it belongs to none."""
    found = place_at(session, area.path)
    if found is None:
        raise Refused("The area {name} belongs to no loaded place. Choose an area inside one.", name=area.name)
    return found


def at_point(session: Session, lng: float, lat: float) -> Area | None:
    """The smallest standing area whose boundary holds the point (WGS-84 degrees); none when it lies outside all."""
    found = int(_placer(session).place([lng], [lat])[0])
    return None if found == boundaries.NOWHERE else session.get(Area, found, options=[WITHOUT_OUTLINES])


def crossing(session: Session, box: tuple[float, float, float, float]) -> list[int]:
    """The areas that reach into a box (west, south, east, north in WGS-84 degrees), the smallest first."""
    return _placer(session).crossing(box)


def _placer(session: Session) -> boundaries.Placer:
    key = str(session.get_bind().engine.url), ground_version.ground(session)
    return _PLACERS.remembered(key, lambda: boundaries.placer(session))
