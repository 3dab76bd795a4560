"""Deliberations 协商: a topic taken to a forum, from the issue it came from to the residents' verdict."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.deliberation import Deliberation
from models.matter import Matter
from models.meeting import Meeting
from models.place import Forum
from services.engine import begin, links, workflow
from services.meetings import meetings
from services.parts import occasions
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused


class NewTopic(BaseModel):
    """What a person enters to propose a topic that no single issue raised."""

    title: str
    description: str = ""
    category: str | None = None
    forum: str


def create(session: Session, actor: Actor, entered: NewTopic, at: datetime | None = None) -> Matter:
    """Propose a topic to a forum, in the forum's own area."""
    return begin.begin(session, actor, "deliberation", entered.model_dump(), at=at)


@workflow.born("deliberation")
def take_up(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """A topic lies on the table of one forum."""
    session.add(Deliberation(matter_id=topic.id, forum_id=values["forum"].id))


def topics_of(session: Session, issue: Matter) -> list[Matter]:
    """The topics an issue was discussed in, newest first."""
    return links.tied(session, issue, "discussed_in")[::-1]


def detail(session: Session, topic: Matter) -> tuple[Deliberation, Forum]:
    """What the flow adds to the matter, and its forum."""
    found = session.get_one(Deliberation, topic.id)
    return found, session.get_one(Forum, found.forum_id)


@workflow.on("deliberation", "grade")
def set_grade(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """Keep how weighty the topic is."""
    session.get_one(Deliberation, topic.id).grade = values["grade"]


@workflow.on("deliberation", "set_parties")
def set_parties(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """Keep who is concerned, by category."""
    session.get_one(Deliberation, topic.id).parties = values["parties"]


@workflow.guard
def is_micro(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """Only a micro topic may be answered on the spot."""
    if session.get_one(Deliberation, topic.id).grade != "micro":
        raise Refused("Only a micro topic may be answered on the spot. Set the parties and give notice of a meeting.")


@workflow.on("deliberation", "notify")
def call_meeting(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """Giving notice calls the meeting. It votes where the forum's rules know a majority."""
    found, forum = detail(session, topic)
    meetings.call(session, topic, values, forum, invited=bool(found.parties))


workflow.on("deliberation", "resolve")(meetings.close)


@workflow.on("deliberation", "reschedule")
def move_meeting(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """The same meeting on another day, of which notice is given now."""
    meeting: Meeting = session.exec(_latest(topic)).one()
    meeting.occasion.starts_at, meeting.notified_on = values["starts_at"], clock.today()
    session.flush()


@workflow.on("deliberation", "postpone")
def call_again(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """A meeting that can't decide ends, and the next one is called with the same people expected."""
    _sit_again(session, topic, values["starts_at"])


@workflow.on("deliberation", "continue")
@workflow.on("deliberation", "refer")
def end_meeting(session: Session, _actor: Actor, topic: Matter, _values: dict[str, Any]) -> None:
    """A meeting that adopts nothing is over all the same."""
    session.exec(_latest(topic)).one().ended_at = clock.now()
    session.flush()


@workflow.on("deliberation", "restore")
def go_on_with_meeting(session: Session, _actor: Actor, topic: Matter, _values: dict[str, Any]) -> None:
    """What was referred elsewhere by mistake is before the same meeting again."""
    if topic.state == "referred":
        session.exec(_latest(topic)).one().ended_at = None
        session.flush()


@workflow.on("deliberation", "reconsider")
def reopen_meeting(session: Session, _actor: Actor, topic: Matter, _values: dict[str, Any]) -> None:
    """An objection that holds brings the topic back to the table, in a new meeting."""
    _sit_again(session, topic, clock.now())


def _latest(topic: Matter) -> Any:
    return select(Meeting).where(Meeting.matter_id == topic.id).order_by(col(Meeting.id).desc()).limit(1)


def _sit_again(session: Session, topic: Matter, starts_at: datetime) -> None:
    last: Meeting = session.exec(_latest(topic)).one()
    last.ended_at = last.ended_at or clock.now()
    kept = last.model_dump(include={"matter_id", "forum_id", "expected", "voting", "parties_invited"})
    next_one = occasions.add(session, topic, starts_at, last.occasion.venue_id)
    session.add(Meeting(**kept, occasion_id=next_one.id, notified_on=clock.today()))
    session.flush()
