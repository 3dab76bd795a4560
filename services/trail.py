"""The trail: who did what, newest first, over all matters and outside them."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from services import areas


def events(
    session: Session, path: str, actor_name: str = "", limit: int = 50, before: datetime | None = None
) -> list[tuple[Event, Matter]]:
    """The latest events on matters at or below ``path``, by one person if named."""
    newest = select(Event.id).order_by(col(Event.id).desc()).limit(limit)
    if path:
        newest = newest.where(_at_or_below(path))
    if actor_name:
        newest = newest.where(Event.actor == actor_name)
    if before:
        newest = newest.where(col(Event.at) < before)
    query = select(Event, Matter).join(Matter, col(Matter.id) == Event.matter_id)
    return list(session.exec(query.where(col(Event.id).in_(newest)).order_by(col(Event.id).desc())).all())


def _at_or_below(path: str) -> ColumnElement[bool]:
    # Adding nothing keeps the index of areas out of it: the log is read backwards until enough is found.
    here = (col(Matter.area_id) + 0).in_(select(Area.id).where(areas.within(path)))
    return exists().where(col(Matter.id) == col(Event.matter_id), here)


def actors(session: Session) -> list[str]:
    """The names under which the latest events were written."""
    latest = select(Event.actor).order_by(col(Event.id).desc()).limit(5000).subquery()
    return sorted(set(session.exec(select(latest.c.actor)).all()))


def lines(session: Session, limit: int = 100) -> list[AuditLine]:
    """The latest audit lines."""
    return list(session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(limit)))
