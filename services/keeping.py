"""Keeping: answers kept in memory until anything happens; the newest few, the same for all who may see the same."""

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlmodel import Session

from services import clock, events
from services.memo import Memo
from services.permissions import Actor

T = TypeVar("T")
_TICK_SECONDS = 900
# A packed layer may weigh half a megabyte.
_KEPT = Memo(room=160)


def version(session: Session, actor: Actor) -> str:
    """Grows with every event and quarter of an hour, and differs by who may see what.

    Clocks run without events, hence the quarter; a browser keeps answers by it too, hence the eyes.
    """
    eyes = hashlib.sha256(f"{actor.role} {actor.area_path} {actor.language}".encode()).hexdigest()[:8]
    return f"{events.version(session)}-{int(clock.now().timestamp()) // _TICK_SECONDS}-{eyes}"


def kept(session: Session, actor: Actor, question: tuple[Hashable, ...], answer: Callable[[], T]) -> T:
    """What ``answer`` says to ``question`` for these eyes, asked again only when something has happened."""
    key = (str(session.get_bind().engine.url), version(session, actor), *question)
    return _KEPT.remembered(key, answer)
