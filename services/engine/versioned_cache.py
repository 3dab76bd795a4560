"""Keeping: answers kept in memory until anything happens; the newest few, the same for all who may see the same."""

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlmodel import Session

from services.engine import events
from services.rights.permissions import Actor, eyes
from services.system import clock
from services.system.memory.result_cache import Memo

T = TypeVar("T")
_TICK_SECONDS = 900
# A packed layer may weigh half a megabyte.
_KEPT = Memo(room=2000, megabytes=64)


def version(session: Session, actor: Actor, seconds: int = _TICK_SECONDS) -> str:
    """Grows with every event and every ``seconds``, and differs by who may see what.

    Clocks run without events, hence the seconds; a browser keeps answers by it too, hence the eyes.
    """
    who = hashlib.sha256("\n".join((*eyes(actor), actor.language)).encode()).hexdigest()[:16]
    return f"{events.version(session)}-{int(clock.now().timestamp()) // seconds}-{who}"


def kept(
    session: Session,
    actor: Actor,
    question: tuple[Hashable, ...],
    answer: Callable[[], T],
    seconds: int = _TICK_SECONDS,
    memo: Memo = _KEPT,
) -> T:
    """What ``answer`` says to ``question`` for these eyes; asked again after an event, or after ``seconds``.

    It is charged to the account. What anybody may ask who has none is kept in a ``memo`` of its own.
    """
    key = (str(session.get_bind().engine.url), version(session, actor, seconds), *question)
    return memo.remembered(key, answer, actor.account_id)
