"""The trail: who did what, newest first, over all matters and outside them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.account import Account
from models.area import Area
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from services.places import areas
from services.rights.matter_rights import narrowed
from services.rights.permissions import Actor
from services.rules import in_force


def events(
    session: Session, actor: Actor, path: str, actor_name: str = "", limit: int = 50, before: datetime | None = None
) -> list[tuple[Event, Matter]]:
    """The latest events on matters at or below ``path`` that ``actor`` may read, by one person if named."""
    newest = asked(actor, path, actor_name).limit(limit)
    if before:
        newest = newest.where(col(Event.at) < before)
    query = select(Event, Matter).join(Matter, col(Matter.id) == Event.matter_id)
    return list(session.exec(query.where(col(Event.id).in_(newest)).order_by(col(Event.id).desc())).all())


def asked(actor: Actor, path: str = "", actor_name: str = "") -> SelectOfScalar[int]:
    """The ids of the events on matters at or below ``path`` that ``actor`` may read, by one person, newest first."""
    here = path if path.startswith(actor.area_path) else actor.area_path
    newest = select(Event.id).order_by(col(Event.id).desc()).where(*_readable(actor, here))
    return newest.where(Event.actor == actor_name) if actor_name else newest


def _readable(actor: Actor, path: str) -> list[ColumnElement[bool]]:
    told = narrowed(actor)
    if path:
        # Adding nothing keeps the index of areas out of it: the log is read backwards until enough is found.
        told.append((col(Matter.area_id) + 0).in_(select(Area.id).where(areas.within(path))))
    return [exists().where(col(Matter.id) == col(Event.matter_id), *told)] if told else []


def actors(session: Session, actor: Actor) -> list[str]:
    """The names under which the latest events in this actor's area were written."""
    query = select(Event.actor).order_by(col(Event.id).desc()).limit(5000)
    latest = query.where(*_readable(actor, actor.area_path)).subquery()
    return sorted(set(session.exec(select(latest.c.actor)).all()))


def lines(session: Session, actor: Actor, limit: int = 100) -> list[AuditLine]:
    """The latest audit lines about what lies in this actor's area: its accounts, imports, exports, reminders.

    Without an area they are all there are. A line that names no area is about everything, or older than its naming.
    """
    query = select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(limit)
    if actor.area_path:
        query = query.where(or_(*_about(actor.area_path)))
    return list(session.exec(query))


def subject(line: AuditLine) -> str:
    """What a line is about, in a few characters: of failed attempts from where, of a rule what became what."""
    told = line.data or {}
    failed = f"{told.get('address', '')} × {told['tries']}" if "tries" in told else ""
    return " ".join(filter(None, (line.subject, failed, *_rule(line.act, told))))


def _rule(act: str, told: dict[str, Any]) -> Iterator[str]:
    """The beginnings of the digests of a file before and after, and the program that put it in force."""
    if act == in_force.ONE:
        yield f"{told.get('old', '')[:8] or '∅'} → {told.get('new', '')[:8] or '∅'}"
    if act == in_force.ALL:
        yield f"× {len(told.get('files', ()))}"
    if act in (in_force.ALL, in_force.ONE):
        yield f"({told.get('program', '')})"


def _about(path: str) -> Iterator[ColumnElement[bool]]:
    area, act, subject = col(AuditLine.data)["area"].as_string(), col(AuditLine.act), col(AuditLine.subject)
    yield area.startswith(path, autoescape=True)
    # Of these acts the subject is a sign-in name, which is one account's alone; two people may have the same name.
    logins = select(Account.login).join(Area, col(Area.id) == Account.area_id).where(areas.within(path))
    yield and_(or_(act.startswith("sign_"), act.startswith("account.")), subject.in_(logins))
    # A unit seated here was reminded of the matters of a wider area.
    units = select(Organisation.code).join(Area, col(Area.id) == Organisation.area_id).where(areas.within(path))
    yield and_(act == "remind", subject.in_(units), func.substr(literal(path), 1, func.length(area)) == area)
