"""Keeping: answers kept in memory until anything happens; the newest few, the same for all who may see the same."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlmodel import Session

from services import clock, events
from services.permissions import Actor

T = TypeVar("T")
KEPT = 160
_TICK_SECONDS = 900
_LOCK = Lock()
_KEPT: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()


def version(session: Session, actor: Actor) -> str:
    """Grows with every event and quarter of an hour, and differs by who may see what.

    Clocks run without events, hence the quarter; a browser keeps answers by it too, hence the eyes.
    """
    eyes = hashlib.sha256(f"{actor.role} {actor.area_path} {actor.language}".encode()).hexdigest()[:8]
    return f"{events.version(session)}-{int(clock.now().timestamp()) // _TICK_SECONDS}-{eyes}"


def kept(session: Session, actor: Actor, question: tuple[Hashable, ...], answer: Callable[[], T]) -> T:
    """What ``answer`` says to ``question`` for these eyes, asked again only when something has happened."""
    key = (str(session.get_bind().engine.url), version(session, actor), *question)
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            found: T = _KEPT[key]
            return found
    made = answer()
    with _LOCK:
        _KEPT[key] = made
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return made
