"""Attempts: five wrong passwords in fifteen minutes lock a name for fifteen, whether or not anybody has it.

What is remembered is small and passes: a name until its window is over, and only by its keyed digest (people type
passwords into the wrong box); how often somebody failed, by hour and address, until ``services.people.failures`` has
told the audit. So whoever makes names up leaves a few lines behind, however many names those are.
"""

import hashlib
import hmac
import time
from datetime import datetime

from sqlalchemy import delete, func, text
from sqlmodel import Session, col, select

from models.account import Attempt
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.words.i18n import listed

LIMIT = 5
WINDOW = 15 * 60
# More names than can be tried five times each within a window: forgetting those tried least forgives nobody.
ROOM = 5_000

# One statement decides, so twenty attempts at the same moment still put only five passwords to the test.
_COUNT = text("""
INSERT INTO attempt (name, failures, failed_at, locked_until) VALUES (:name, 1, :now, 0)
ON CONFLICT (name) DO UPDATE SET
failures = CASE WHEN attempt.failed_at < :since THEN 1 ELSE attempt.failures + 1 END,
locked_until = CASE WHEN attempt.failed_at >= :since AND attempt.failures + 1 >= :limit THEN :until ELSE 0 END,
failed_at = :now
WHERE attempt.locked_until <= :now
""")


class Locked(Refused):
    """Too many attempts; ``until`` is when the next one is heard."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            listed("Too many attempts. Try again after {time}, or ask the administrator for a one-time code."),
            time=clock.local(until).strftime("%H:%M"),
        )
        self.until = until


def alias(login: str) -> str:
    """What stands for a name that was typed."""
    return hmac.new(settings().key.encode(), login.encode(), hashlib.sha256).hexdigest()[:32]


def count(session: Session, login: str) -> None:
    """Count an attempt on a name before its password is looked at; raise Locked from the sixth on."""
    now = time.time()
    told = {"now": now, "since": now - WINDOW, "until": now + WINDOW, "limit": LIMIT}
    counted = session.connection().execute(_COUNT, {"name": alias(login), **told})
    if counted.rowcount == 0:
        known = _of(session, login)
        raise Locked(datetime.fromtimestamp(known.locked_until if known else now, tz=clock.now().tzinfo))
    _forget(session, now)


def _of(session: Session, login: str) -> Attempt | None:
    """What is remembered of a name; nothing where the right password came to another process meanwhile."""
    return session.get(Attempt, alias(login), populate_existing=True)


def locked(session: Session, login: str) -> bool:
    """Whether the attempt just counted was the last that is heard."""
    known = _of(session, login)
    return known is not None and known.failures >= LIMIT


def clear(session: Session, login: str) -> None:
    """Forget the attempts: the right password came, or a new one was given."""
    session.execute(delete(Attempt).where(col(Attempt.name) == alias(login)))


def _forget(session: Session, now: float) -> None:
    over = select(Attempt.name).where(col(Attempt.failed_at) < now - WINDOW, col(Attempt.locked_until) <= now)
    # What another attempt is just counting is not over; waiting for one another, two could wait for ever.
    session.execute(delete(Attempt).where(col(Attempt.name).in_(over.with_for_update(skip_locked=True))))
    beyond = session.exec(select(func.count()).select_from(Attempt)).one() - ROOM
    if beyond > 0:
        least = select(Attempt.name).order_by(col(Attempt.failures), col(Attempt.failed_at)).limit(beyond)
        session.execute(delete(Attempt).where(col(Attempt.name).in_(least.with_for_update(skip_locked=True))))
