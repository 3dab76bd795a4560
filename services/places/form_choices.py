"""Choices: the standing rows a form may offer for a matter, nearest first, as code and name."""

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.places import areas


def _path(session: Session, matter: Matter) -> str:
    return session.exec(select(Area.path).where(Area.id == matter.area_id)).one()


def units(session: Session, matter: Matter, kinds: tuple[str, ...] = ()) -> dict[str, str]:
    """Organisations at, above or below the matter's area that can be made responsible for it; of ``kinds`` only.

    ``units`` among the kinds stands for all of them.
    """
    return units_around(session, _path(session, matter), kinds)


def units_around(session: Session, path: str, kinds: tuple[str, ...] = ()) -> dict[str, str]:
    """Organisations at, above or below an area; of ``kinds`` only."""
    query = select(Organisation.code, Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    if kinds and "units" not in kinds:
        query = query.where(col(Organisation.kind).in_(kinds))
    nearest = (col(Area.path).desc(), col(Organisation.id))
    standing = col(Organisation.closed_at).is_(None)
    return dict(session.exec(query.where(areas.related(path), standing).order_by(*nearest)).all())


def forums(session: Session, path: str) -> dict[str, str]:
    """Forums at, above or below an area."""
    query = select(Forum.code, Forum.name).join(Area, col(Area.id) == Forum.area_id)
    standing = col(Forum.closed_at).is_(None)
    return dict(session.exec(query.where(areas.related(path), standing).order_by(col(Forum.id))).all())


def forums_for(session: Session, matter: Matter) -> dict[str, str]:
    """Forums that may take the matter as a topic."""
    return forums(session, _path(session, matter))


def venues(session: Session, matter: Matter) -> dict[str, str]:
    """Venues anywhere in the matter's place."""
    query = select(Venue.code, Venue.name).join(Area, col(Area.id) == Venue.area_id)
    here = _same_place(session, matter), col(Venue.closed_at).is_(None)
    return dict(session.exec(query.where(*here).order_by(col(Venue.id))).all())


def offices(session: Session, matter: Matter) -> dict[str, str]:
    """Posts anywhere in the matter's place."""
    query = select(Office.code, Office.title).join(Area, col(Area.id) == Office.area_id)
    here = _same_place(session, matter), col(Office.closed_at).is_(None)
    return dict(session.exec(query.where(*here).order_by(col(Office.id))).all())


def areas_of(session: Session, matter: Matter) -> dict[str, str]:
    """Areas of the matter's place, from the top down."""
    query = select(Area.code, Area.name).where(_same_place(session, matter), areas.standing())
    return dict(session.exec(query.order_by(col(Area.path))).all())


def _same_place(session: Session, matter: Matter) -> ColumnElement[bool]:
    if matter.area_id is None:
        return true()
    place = areas.place_of(session, session.get_one(Area, matter.area_id, options=[areas.WITHOUT_OUTLINES]))
    return areas.within(session.exec(select(Area.path).where(Area.id == place.area_id)).one())


def forums_within(session: Session, path: str) -> dict[str, str]:
    """Forums of an area and everything below it."""
    query = select(Forum.code, Forum.name).join(Area, col(Area.id) == Forum.area_id)
    return dict(
        session.exec(query.where(areas.within(path), col(Forum.closed_at).is_(None)).order_by(col(Forum.id))).all()
    )
