"""Beginnings: what a new office has already brought in."""

from dataclasses import dataclass

from sqlmodel import Session, SQLModel, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Venue
from services.places import areas
from services.rights.permissions import Actor


@dataclass(frozen=True)
class Beginnings:
    """Whether there is any of what an office needs before its work can begin."""

    areas: bool
    organisations: bool
    venues: bool
    forums: bool
    matters: bool


_KEPT_IN: tuple[type[SQLModel], ...] = (Area, Organisation, Venue, Forum, Matter)


def any_area(session: Session, actor: Actor) -> bool:
    """Whether there is an area that this actor may look at."""
    return next(iter(areas.roots(session, actor)), None) is not None


def of(session: Session) -> Beginnings:
    """What there is, in all places."""
    return Beginnings(*(session.execute(select(select(model).exists())).scalar_one() for model in _KEPT_IN))
