"""Beginnings: what a new office has already brought in."""

from dataclasses import dataclass

from sqlmodel import Session, SQLModel, col, select

from models.account import Account
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
    accounts: bool
    matters: bool


_KEPT_IN: tuple[type[SQLModel], ...] = (Organisation, Venue, Forum)


def any_area(session: Session, actor: Actor) -> bool:
    """Whether there is an area that this actor may look at."""
    return next(iter(areas.roots(session, actor)), None) is not None


def of(session: Session) -> Beginnings:
    """What there is, in all places: areas once one lies in another, accounts once one is beside the first."""
    people = session.exec(select(Account.id).where(col(Account.active)).limit(2)).all()
    inside = session.exec(select(Area.id).where(col(Area.parent_id).is_not(None)).limit(1)).first() is not None
    there = [inside, *(_any(session, model) for model in _KEPT_IN), len(people) > 1, _any(session, Matter)]
    return Beginnings(*there)


def _any(session: Session, model: type[SQLModel]) -> bool:
    return bool(session.execute(select(select(model).exists())).scalar_one())
