"""Organisations, forums, venues, offices and offers of a place, as lists: those that were not closed."""

from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.item import Item
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.matters import matters
from services.places import areas
from services.rights.matter_rights import open_to
from services.rights.permissions import Actor


def _standing(model: Any, path: str) -> Any:
    """Rows that were not closed, at or below ``path``, with the names of their areas."""
    query = select(model, Area.name).join(Area, col(Area.id) == model.area_id)
    return query.where(areas.within(path), model.closed_at.is_(None))


def organisations(session: Session, path: str) -> list[tuple[Organisation, str]]:
    """The organisations seated at or below ``path`` with their areas."""
    query = _standing(Organisation, path)
    return list(session.exec(query.order_by(col(Organisation.path))).all())


def open_matters(session: Session, actor: Actor) -> dict[int, int]:
    """For how many open matters each organisation is responsible, of those the actor may read."""
    mine = (matters.is_open(), col(Matter.unit_id).is_not(None), *open_to(actor))
    return dict(session.execute(select(Matter.unit_id, func.count()).where(*mine).group_by(col(Matter.unit_id))).all())


def forums(session: Session, path: str) -> list[tuple[Forum, str]]:
    """The forums at or below ``path`` with their areas."""
    query = _standing(Forum, path)
    return list(session.exec(query.order_by(col(Forum.code))).all())


def venues(session: Session, path: str) -> list[tuple[Venue, str]]:
    """The venues at or below ``path`` with their areas."""
    query = _standing(Venue, path)
    return list(session.exec(query.order_by(col(Venue.code))).all())


def offices(session: Session, path: str) -> list[tuple[Office, str]]:
    """The offices at or below ``path`` with their areas."""
    query = _standing(Office, path)
    return list(session.exec(query.order_by(col(Office.kind), col(Office.code))).all())


def offers(session: Session, path: str) -> list[tuple[Item, str, str]]:
    """What the organisations at or below ``path`` offer still, with the name of the organisation and of its area."""
    query = select(Item, Organisation.name, Area.name).join(Organisation, col(Organisation.id) == Item.organisation_id)
    query = query.join(Area, col(Area.id) == Organisation.area_id).where(areas.within(path))
    query = query.where(col(Item.withdrawn_at).is_(None))
    return list(session.exec(query.order_by(col(Item.kind), col(Organisation.path), col(Item.id))).all())
