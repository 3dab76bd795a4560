"""Action items 行动项: what a resolution promises, with unit, date and the test that says it is done."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from services.engine import events, fields, flows, workflow
from services.flows.deliberation import deliberations
from services.matters import search
from services.places import areas, serials
from services.rights.matter_rights import require_with
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

TOPIC_STATES = ("meeting", "resolved", "publicised", "executing")


class NewAction(BaseModel):
    """A promise: what, by whom, until when, and how one sees that it is done."""

    title: str
    unit: str | None = None
    due: date | datetime | None = None
    acceptance: str = ""


def create(session: Session, actor: Actor, number: str, version: int, entered: NewAction) -> Matter:
    """Add an action item to the topic ``number``; the topic's version rises with it. Returns the topic."""
    topic = workflow.claim(session, actor, number, version, "deliberation.record")
    require_with(session, actor, "action.create", topic)
    if topic.state not in TOPIC_STATES:
        raise Refused("Action items are added from the meeting until the topic is carried out.")
    item = _row(session, topic, entered)
    events.append(session, item, actor, "create", data={"topic": topic.number})
    events.append(session, topic, actor, "action_item", data={"number": item.number, "title": item.title})
    session.flush()
    return topic


def _row(session: Session, topic: Matter, entered: NewAction) -> Matter:
    place, now = areas.place_of(session, session.get_one(Area, topic.area_id)), clock.now()
    item = Matter(
        number=serials.take(session, place.prefix)[0],
        flow="action",
        state=flows.start_of("action").code,
        title="",
        category=topic.category,
        source="meeting",
        area_id=topic.area_id,
        lng=topic.lng,
        lat=topic.lat,
        location=topic.location,
        parent_id=topic.id,
        # A resolution under reconsideration is not public yet; the next notice makes its items so.
        public=topic.public and topic.state in ("publicised", "executing"),
        sample=topic.sample,
        opened_at=now,
        opened_month=clock.month_of(now),
    )
    item.title = fields.one(session, item, "title", entered.title)
    item.unit_id = fields.one(session, item, "unit", entered.unit).id
    item.due_at = _due(session, item, entered)
    item.detail = {"acceptance": fields.one(session, item, "acceptance", entered.acceptance)}
    session.add(item)
    session.flush()
    search.index(session, [item])
    return item


def _due(session: Session, item: Matter, entered: NewAction) -> datetime:
    due: datetime = fields.one(session, item, "due", entered.due)
    if due < clock.now():
        raise Refused("Choose a date for the action item that is not in the past.")
    return due


def of_topic(session: Session, topic: Matter) -> list[tuple[Matter, str]]:
    """The action items of a topic with their acceptance tests, first to last."""
    query = select(Matter).where(Matter.parent_id == topic.id, Matter.flow == "action").order_by(col(Matter.id))
    return [(item, acceptance(session, item)) for item in session.exec(query)]


def acceptance(_session: Session, item: Matter) -> str:
    """The test that says the item is done."""
    return str((item.detail or {}).get("acceptance", ""))


@workflow.guard
def actions_exist(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """A resolution that is carried out has something to carry out."""
    if not any(item.state != "cancelled" for item, _ in of_topic(session, topic)):
        raise Refused("No action item hangs on this resolution. Add one with unit, date and acceptance test.")


@workflow.guard
def actions_done(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """Every action item is accepted or cancelled."""
    waiting = [item for item, _ in of_topic(session, topic) if item.is_open]
    if waiting:
        raise Refused(
            "{count} action items are still open, first {number}. Finish or cancel them first.",
            count=len(waiting),
            number=waiting[0].number,
        )


def _tell_line(session: Session, actor: Actor, item: Matter, _values: dict[str, Any]) -> None:
    """A step of an action item shows on the timelines of its topic and of the issue that asked for it."""
    topic = session.get(Matter, item.parent_id or 0)
    if topic is None:
        return
    for matter in (topic, *deliberations.issues_of(session, topic)):
        events.append(session, matter, actor, "action_step", data={"number": item.number, "state": item.state})


for _action in ("start", "deliver", "accept", "rework", "extend", "cancel"):
    workflow.after("action", _action)(_tell_line)
