"""What may be corrected of a topic besides: its grade, its parties, and the latest public notice."""

from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.engine import flows
from services.flows.deliberation import deliberations, publicities
from services.parts import corrections
from services.parts.corrections import Correctable
from services.system import clock

_OF_NOTICE = ("starts_on", "ends_on", "location")
_OF_TOPIC = ("grade", "parties")


@corrections.beside
def of_topic(session: Session, matter: Matter) -> list[Correctable]:
    """What was graded, who is concerned, and the days and place of the notice, as far as they were written."""
    if matter.flow != "deliberation":
        return []
    detail, notice = deliberations.detail(session, matter)[0], publicities.latest(session, matter)
    found = [_of(detail, name) for name in _OF_TOPIC if getattr(detail, name)]
    return [*found, *(_of(notice, name) for name in _OF_NOTICE if notice)]


def _of(row: Any, name: str) -> Correctable:
    field = corrections.undated(flows.flow("deliberation").fields[name])
    return Correctable(name, field, corrections.plain(getattr(row, name)), lambda told: setattr(row, name, told))


@corrections.follows
def keep_the_notice_lawful(session: Session, matter: Matter, names: frozenset[str]) -> None:
    """Corrected days obey what the step asks for; while the notice hangs, the topic is due when it ends."""
    notice = publicities.latest(session, matter) if matter.flow == "deliberation" else None
    if notice is None or not {"starts_on", "ends_on"} & names:
        return
    publicities.publicity_long_enough(session, matter, {"starts_on": notice.starts_on, "ends_on": notice.ends_on})
    if matter.state == "publicised":
        matter.due_at = clock.end_of(notice.ends_on)
