"""Deliberations 协商: a topic taken to a forum, from the issue it came from to the residents' verdict."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.deliberation import Deliberation
from models.link import Link
from models.matter import Matter
from models.meeting import Meeting
from models.place import Forum, Venue
from services.engine import events, fields, flows, workflow
from services.matters import search
from services.parts import occasions
from services.places import areas, serials
from services.rights.permissions import Actor, require
from services.rules import rules
from services.rules.categories import categories
from services.system import clock
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.i18n import listed


class NewTopic(BaseModel):
    """What a person enters to propose a topic that no single issue raised."""

    title: str
    description: str = ""
    category: str | None = None
    forum: str


def create(session: Session, actor: Actor, entered: NewTopic, at: datetime | None = None) -> Matter:
    """Propose a topic to a forum, in the forum's own area."""
    forum = session.exec(select(Forum).where(Forum.code == clean(entered.forum))).first()
    if forum is None:
        raise Refused("Choose the forum that takes this topic.")
    if entered.category is not None and entered.category not in categories():
        raise Refused("Choose a category from the list.")
    if len(description := clean(entered.description)) > 4000:
        raise Refused("Shorten the description to 4000 characters.")
    area = session.get_one(Area, forum.area_id)
    require(actor, "deliberation.create", area.path)
    title = fields.text(
        entered.title,
        120,
        Refused("Enter the topic in one sentence."),
        listed("The title is {length} characters long. Shorten it to {limit}."),
    )
    topic = Matter(
        number="",
        flow="deliberation",
        state="",
        title=title,
        description=description,
        category=entered.category,
        source="meeting",
        area_id=area.id,
        opened_month=0,
    )
    return _begin(session, actor, topic, forum, at or clock.now())


def _begin(session: Session, actor: Actor, topic: Matter, forum: Forum, at: datetime) -> Matter:
    area = session.get_one(Area, topic.area_id)
    topic.number = serials.take(session, areas.place_of(session, area).prefix)[0]
    topic.state, topic.opened_at, topic.opened_month = flows.start_of("deliberation").code, at, clock.month_of(at)
    topic.due_at = rules.rule("deliberation.start").after(at)
    session.add(topic)
    session.flush()
    search.index(session, [topic])
    session.add(Deliberation(matter_id=topic.id, forum_id=forum.id))
    events.append(session, topic, actor, "create", data={"forum": forum.code}, at=at)
    session.flush()
    return topic


@workflow.on("issue", "deliberate")
def open_topic(session: Session, actor: Actor, issue: Matter, values: dict[str, Any]) -> None:
    """Taking an issue to deliberation opens its topic, unless one is still open."""
    if topics_of(session, issue, open_only=True):
        raise Refused("{number} is already in deliberation. Open its line to see the topic.", number=issue.number)
    topic = Matter(
        number="",
        flow="deliberation",
        state="",
        title=issue.title,
        description=issue.description,
        category=issue.category,
        source=issue.source,
        area_id=issue.area_id,
        lng=issue.lng,
        lat=issue.lat,
        location=issue.location,
        opened_month=0,
        sample=issue.sample,
    )
    _begin(session, actor, topic, values["forum"], clock.now())
    session.add(Link(source_id=issue.id, target_id=topic.id, kind="discussed_in"))
    session.flush()
    values["topic"] = topic.number


def topics_of(session: Session, issue: Matter, open_only: bool = False) -> list[Matter]:
    """The topics an issue was discussed in, newest first."""
    query = (
        select(Matter)
        .join(Link, col(Link.target_id) == Matter.id)
        .where(Link.source_id == issue.id, Link.kind == "discussed_in")
        .order_by(col(Matter.id).desc())
    )
    return [topic for topic in session.exec(query) if topic.is_open or not open_only]


def issues_of(session: Session, topic: Matter) -> list[Matter]:
    """The issues a topic came from."""
    query = select(Matter).join(Link, col(Link.source_id) == Matter.id)
    return list(session.exec(query.where(Link.target_id == topic.id, Link.kind == "discussed_in")))


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
    _, forum = detail(session, topic)
    venue: Venue = values["venue"]
    session.add(
        Meeting(
            matter_id=topic.id,
            forum_id=forum.id,
            occasion_id=occasions.add(session, topic, values["starts_at"], venue.id).id,
            notified_on=clock.today(),
            expected=values["expected"],
            voting=rules.check_in(forum.ruleset, "majority") is not None,
            parties_invited=bool(session.get_one(Deliberation, topic.id).parties),
        )
    )
    session.flush()


@workflow.on("deliberation", "reschedule")
def move_meeting(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """The same meeting on another day."""
    session.exec(_latest(topic)).one().occasion.starts_at = values["starts_at"]
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


@workflow.after("deliberation", "judge")
def conclude_issues(session: Session, actor: Actor, topic: Matter, _values: dict[str, Any]) -> None:
    """With the verdict in, the issues the topic came from go to their final check."""
    for issue in issues_of(session, topic):
        if issue.state == "deliberating":
            workflow.move(session, actor, issue.number, "conclude", issue.version, {"note": topic.number})


@workflow.after("deliberation", "decline")
def return_issues(session: Session, actor: Actor, topic: Matter, _values: dict[str, Any]) -> None:
    """A topic that isn't taken up gives its issues back."""
    for issue in issues_of(session, topic):
        if issue.state == "deliberating":
            workflow.move(session, actor, issue.number, "withdraw", issue.version, {"note": topic.number})
