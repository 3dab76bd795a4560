"""Action items 行动项: what a resolution promises, with unit, date and the test that says it is done."""

from datetime import date, datetime

from pydantic import BaseModel
from sqlmodel import Session

from models.matter import Matter
from services.engine import links
from services.rights.permissions import Actor


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


def of_topic(session: Session, topic: Matter) -> list[tuple[Matter, str]]:
    """The action items of a matter with their acceptance tests, first to last."""
    return [(item, acceptance(item)) for item in links.children(session, topic, "action")]


def acceptance(item: Matter) -> str:
    """The test that says the item is done."""
    return str((item.detail or {}).get("acceptance", ""))
