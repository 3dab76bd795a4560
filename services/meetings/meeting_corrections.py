"""What may be corrected of a meeting that was opened: when it began, when notice was given, and the resolution."""

from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services.engine import flows
from services.meetings import meetings, sittings
from services.parts import corrections
from services.parts.corrections import Correctable
from services.system import clock
from services.system.errors import Refused

_OF_MEETING = {"notified_on": "notified_on", "resolution": "resolution"}


@corrections.beside
def of_meeting(session: Session, matter: Matter) -> list[Correctable]:
    """Those of the latest meeting, as far as they were written; one that waits is given another day by its own step."""
    meeting = meetings.current(session, matter) if meetings.state_of(matter.flow) else None
    if meeting is None or sittings.opened_at(session, meeting) is None:
        return []
    known = flows.flow(matter.flow).fields
    started = Correctable(
        "starts_at",
        corrections.undated(known["starts_at"]),
        corrections.plain(meeting.occasion.starts_at),
        lambda told: setattr(meeting.occasion, "starts_at", told),
    )
    written = [name for name in _OF_MEETING if getattr(meeting, name)]
    return [started, *(_of(meeting, name, matter) for name in written)]


def _of(meeting: Meeting, name: str, matter: Matter) -> Correctable:
    field, value = flows.flow(matter.flow).fields[name], corrections.plain(getattr(meeting, name))
    return Correctable(name, field, value, lambda told: setattr(meeting, name, told))


@corrections.follows
def no_notice_to_come(session: Session, matter: Matter, names: frozenset[str]) -> None:
    """Neither the day of notice nor the meeting is corrected into the future."""
    meeting = meetings.current(session, matter) if {"notified_on", "starts_at"} & names else None
    if meeting is None:
        return
    noticed, began = meeting.notified_on or clock.today(), meeting.occasion.starts_at
    if ("notified_on" in names and noticed > clock.today()) or ("starts_at" in names and began > clock.now()):
        raise Refused("What took place can't lie in the future. Correct the day.")
