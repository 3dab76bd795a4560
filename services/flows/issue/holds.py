"""Holds 挂账 and extensions 延期: asked for by whoever works on the issue, approved by the secretary, counted."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.event import Event
from models.matter import Matter

ASKING = ("ask_hold", "ask_extension")
_GRANTED = ("suspend", "extend")


@dataclass(frozen=True)
class Request:
    """What was asked for last: the step, until when, why, by whom, and when."""

    action: str
    until: datetime
    note: str
    actor: str
    at: datetime


def request(session: Session, matter: Matter) -> Request | None:
    """The latest request for a hold or an extension of a matter."""
    query = select(Event).where(Event.matter_id == matter.id, col(Event.action).in_(ASKING))
    last = session.exec(query.order_by(col(Event.seq).desc()).limit(1)).first()
    if last is None:
        return None
    told = last.data or {}
    until = datetime.fromisoformat(told.get("hold_until") or told["due_asked"])
    return Request(last.action, until, last.note, last.actor, last.at)


def granted(session: Session, matter: Matter) -> dict[str, int]:
    """How often a matter was put on hold and how often extended, by action: ``suspend`` and ``extend``."""
    query = select(Event.action, func.count()).where(Event.matter_id == matter.id, col(Event.action).in_(_GRANTED))
    return dict.fromkeys(_GRANTED, 0) | dict(session.exec(query.group_by(col(Event.action))).all())
