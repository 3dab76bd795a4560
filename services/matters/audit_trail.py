"""The trail: who did what, newest first, over all matters and outside them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account import Account
from models.area import Area
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from services.places import areas
from services.rights.permissions import Actor


def events(
    session: Session, path: str, actor_name: str = "", limit: int = 50, before: datetime | None = None
) -> list[tuple[Event, Matter]]:
    """The latest events on matters at or below ``path``, by one person if named."""
    newest = asked(path, actor_name).limit(limit)
    if before:
        newest = newest.where(col(Event.at) < before)
    query = select(Event, Matter).join(Matter, col(Matter.id) == Event.matter_id)
    return list(session.exec(query.where(col(Event.id).in_(newest)).order_by(col(Event.id).desc())).all())


def asked(path: str, actor_name: str = "") -> SelectOfScalar[int]:
    """The ids of the events on matters at or below ``path``, by one person if named, newest first."""
    newest = select(Event.id).order_by(col(Event.id).desc())
    if path:
        newest = newest.where(_at_or_below(path))
    return newest.where(Event.actor == actor_name) if actor_name else newest


def _at_or_below(path: str) -> ColumnElement[bool]:
    # Adding nothing keeps the index of areas out of it: the log is read backwards until enough is found.
    here = (col(Matter.area_id) + 0).in_(select(Area.id).where(areas.within(path)))
    return exists().where(col(Matter.id) == col(Event.matter_id), here)


def actors(session: Session, actor: Actor) -> list[str]:
    """The names under which the latest events in this actor's area were written."""
    query = select(Event.actor).order_by(col(Event.id).desc()).limit(5000)
    if actor.area_path:
        query = query.where(_at_or_below(actor.area_path))
    latest = query.subquery()
    return sorted(set(session.exec(select(latest.c.actor)).all()))


def lines(session: Session, actor: Actor, limit: int = 100) -> list[AuditLine]:
    """The latest audit lines about accounts and units at or below this actor's area; without an area, all there are."""
    query = select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(limit)
    if actor.area_path:
        # The subject is a login, which is one account's alone; two people may have the same name.
        here = areas.within(actor.area_path)
        logins = select(Account.login).join(Area, col(Area.id) == Account.area_id).where(here)
        units = select(Organisation.code).join(Area, col(Area.id) == Organisation.area_id).where(here)
        reminded = and_(col(AuditLine.act) == "remind", col(AuditLine.subject).in_(units))
        query = query.where(or_(col(AuditLine.subject).in_(logins), reminded))
    return list(session.exec(query))
