"""The trail: who did what, newest first, over all matters and outside them."""

from datetime import datetime

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
    query = select(Event, Matter).join(Matter, col(Matter.id) == Event.matter_id)
    if path:
        query = query.where(col(Matter.area_id).in_(select(Area.id).where(areas.within(path))))
    if actor_name:
        query = query.where(Event.actor == actor_name)
    if before:
        query = query.where(col(Event.at) < before)
    return list(session.exec(query.order_by(col(Event.id).desc()).limit(limit)).all())


def actors(session: Session) -> list[str]:
    """The names under which the latest events were written."""
    latest = select(Event.actor).order_by(col(Event.id).desc()).limit(5000).subquery()
    return sorted(set(session.exec(select(latest.c.actor)).all()))


def lines(session: Session, limit: int = 100) -> list[AuditLine]:
    """The latest audit lines."""
    return list(session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(limit)))
