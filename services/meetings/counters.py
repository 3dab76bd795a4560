"""Counters 计票人: where the flow says so, the two counts of a meeting are entered by two people.

Who entered a count that stands is who wrote its event, the latest of that counter.
"""

from sqlmodel import Session, col, select

from models.event import Event
from models.matter import Matter
from models.meeting import Meeting, Option, Tally
from services.engine import flows
from services.rights.permissions import Actor
from services.system.errors import Refused

COUNTERS = (1, 2)


def two_people(flow: str) -> bool:
    """Whether the two counts are two people's, as ``flow.toml`` says."""
    return flows.flow(flow).part("meeting").get("counters") == "two_people"


def entered_by(session: Session, topic: Matter, meeting: Meeting, counter: int) -> Event | None:
    """The event with which the count that stands was entered; none when no such count stands."""
    cells = select(Tally.id).join(Option, col(Option.id) == Tally.option_id)
    if session.exec(cells.where(Option.meeting_id == meeting.id, Tally.counter == counter)).first() is None:
        return None
    told = col(Event.matter_id) == topic.id, col(Event.action) == "tally"
    query = select(Event).where(*told, col(Event.data)["counter"].as_integer() == counter)
    return session.exec(query.order_by(col(Event.seq).desc())).first()


def entered_other(session: Session, actor: Actor, topic: Matter, meeting: Meeting, counter: int) -> bool:
    """Whether the other count stands and is this person's, so that this one is for somebody else."""
    others = [one for one in COUNTERS if one != counter] if two_people(topic.flow) else []
    found = [event for one in others if (event := entered_by(session, topic, meeting, one))]
    return any(event.by(actor.account_id, actor.name) for event in found)


def require_another(session: Session, actor: Actor, topic: Matter, meeting: Meeting, counter: int) -> None:
    """Raise Refused where the other count is this person's."""
    if entered_other(session, actor, topic, meeting, counter):
        raise Refused(
            "You entered the other count. Let somebody else sign in with an account of their own and enter this one."
        )


def require_two(session: Session, topic: Matter, meeting: Meeting) -> None:
    """Raise Refused where both counts that stand are one person's."""
    first, second = (entered_by(session, topic, meeting, counter) for counter in COUNTERS)
    if not (two_people(topic.flow) and first and second):
        return
    if first.by(second.actor_id, second.actor):
        raise Refused(
            "Both counts were entered by {name}. Let somebody else sign in and enter one of them again.",
            name=second.actor,
        )
