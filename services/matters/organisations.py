"""Organisations, forums, venues and offices of a place, as lists."""

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.matters import matters
from services.places import areas


def organisations(session: Session, path: str) -> list[tuple[Organisation, str, int]]:
    """The organisations seated at or below ``path`` with the area and how many open matters each is responsible for."""
    still = select(Matter.unit_id, func.count().label("n")).where(matters.is_open(), col(Matter.unit_id).is_not(None))
    open_matters = still.group_by(col(Matter.unit_id)).subquery()
    query = (
        select(Organisation, Area.name, func.coalesce(open_matters.c.n, 0))
        .join(Area, col(Area.id) == Organisation.area_id)
        .outerjoin(open_matters, open_matters.c.unit_id == Organisation.id)
        .where(areas.within(path))
        .order_by(col(Organisation.path))
    )
    return list(session.exec(query).all())


def forums(session: Session, path: str) -> list[tuple[Forum, str]]:
    """The forums at or below ``path`` with their areas."""
    query = select(Forum, Area.name).join(Area, col(Area.id) == Forum.area_id).where(areas.within(path))
    return list(session.exec(query.order_by(col(Forum.code))).all())


def venues(session: Session, path: str) -> list[tuple[Venue, str]]:
    """The venues at or below ``path`` with their areas."""
    query = select(Venue, Area.name).join(Area, col(Area.id) == Venue.area_id).where(areas.within(path))
    return list(session.exec(query.order_by(col(Venue.code))).all())


def offices(session: Session, path: str) -> list[tuple[Office, str]]:
    """The offices at or below ``path`` with their areas."""
    query = select(Office, Area.name).join(Area, col(Area.id) == Office.area_id).where(areas.within(path))
    return list(session.exec(query.order_by(col(Office.kind), col(Office.code))).all())
