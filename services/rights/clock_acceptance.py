"""Accepting the clock: an administrator says it is right, whatever the newest record says; the audit remembers it."""

from sqlmodel import Session

from services.rights import audit
from services.system import agreement, clock


def accept(session: Session, operator: str) -> None:
    """Let the clock count from here on. Refused where it is not plausible at all."""
    agreement.require_plausible()
    passed = agreement.accept(session)
    told = {"now": clock.now().isoformat(), "newest": passed.at.isoformat() if passed.at else None}
    audit.write(session, operator, "clock.accept", "", told | {"event": passed.event, "line": passed.line})
