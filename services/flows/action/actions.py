"""Action items 行动项: what a resolution promises, with unit, date and the test that says it is done."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from models.matter import ActionItem, Matter
from services.engine import links, workflow
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused


class NewAction(BaseModel):
    """A promise: what, by whom, until when, and how one sees that it is done."""

    title: str
    unit: str | None = None
    due: date | datetime | None = None
    acceptance: str = ""


def create(session: Session, actor: Actor, number: str, version: int, entered: NewAction) -> Matter:
    """Add an action item to the matter ``number``, whose version rises with it. Returns that matter."""
    item = links.add(session, actor, number, version, "action", entered.model_dump())
    return session.get_one(Matter, item.parent_id)


@workflow.guard
def due_ahead(_session: Session, _item: Matter, values: dict[str, Any]) -> None:
    """A promise is for a day that is still to come, or for today."""
    if values["due"] < clock.now():
        raise Refused("Choose a date for the action item that is not in the past.")


def of_topic(session: Session, topic: Matter) -> list[tuple[Matter, str]]:
    """The action items of a matter with their acceptance tests, first to last."""
    return [(item, acceptance(session, item)) for item in links.children(session, topic, "action")]


def acceptance(session: Session, item: Matter) -> str:
    """The test that says the item is done."""
    if item.detail and "acceptance" in item.detail:
        return str(item.detail["acceptance"])
    older = session.get(ActionItem, item.id)
    return older.acceptance if older else ""
