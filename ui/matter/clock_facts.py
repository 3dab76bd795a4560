"""The clock of a matter in facts: what it was given, until when it is held, and what is left."""

from sqlmodel import Session

from models.matter import Matter
from services.engine import deadlines, flows
from services.rights.permissions import Actor, only_public
from ui.frame import time_amounts
from ui.frame.text import _, day


def facts(session: Session, actor: Actor, matter: Matter) -> list[tuple[str, str]]:
    """What the clock was given, and what a hold left; the public is told the deadline, and not how it came about."""
    return [] if only_public(actor) else _facts(session, matter)


def _facts(session: Session, matter: Matter) -> list[tuple[str, str]]:
    found = []
    if matter.category and _by_category(matter.flow):
        found.append((_("Time allowed"), time_amounts.limit(deadlines.limit_of(session, matter))))
    if matter.hold_until:
        found.append((_("Expected end of the hold"), day(matter.hold_until)))
    if matter.time_left is not None:
        found.append((_("Clock stopped"), _left(session, matter, matter.time_left)))
    return found


def _by_category(flow: str) -> bool:
    return any(arrow.deadline == "category" for arrow in flows.arrows(flow))


def _left(session: Session, matter: Matter, left: int) -> str:
    said = time_amounts.seconds(abs(left), deadlines.clock_of(session, matter))
    return _("with {amount} left", amount=said) if left >= 0 else _("{amount} after the deadline", amount=said)
