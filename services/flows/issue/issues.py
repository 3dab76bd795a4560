"""Issues 事项: raised by a person or found on patrol, with a place on the map, and the hooks of their flow."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from services.engine import begin, events, fields, workflow
from services.flows.issue import recurrences, suggestions
from services.parts import corrections
from services.places import areas
from services.rights.permissions import Actor


class NewIssue(BaseModel):
    """What a person enters to raise an issue. The place is an area, a point, or both."""

    title: str
    description: str = ""
    category: str | None = None
    source: str = "staff"
    area_id: int | None = None
    location: str = ""
    lng: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)


def create(session: Session, actor: Actor, entered: NewIssue, at: datetime | None = None) -> Matter:
    """Raise an issue and hand it in. The smallest area that holds the point wins over the area chosen."""
    area = session.get(Area, entered.area_id or 0, options=[areas.WITHOUT_OUTLINES])
    told = entered.model_dump(exclude={"area_id", "lng", "lat"}) | {"area": area.code if area else None}
    if entered.lng is not None and entered.lat is not None:
        told["point"] = (entered.lng, entered.lat)
    return begin.begin(session, actor, "issue", told, at=at)


@workflow.born("issue")
def look_back(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """What comes back to a place is known as such from the first day."""
    recurrences.find(session, matter)


@workflow.on("issue", "accept")
def set_category(session: Session, _actor: Actor, matter: Matter, values: dict[str, Any]) -> None:
    """Filing fixes the category, and with it the deadline; it teaches the suggestions, and shows what came back."""
    suggestions.learn(session, matter, values["category"])
    matter.category = values["category"]
    recurrences.find(session, matter)


@corrections.follows
def look_back_again(session: Session, matter: Matter, names: frozenset[str]) -> None:
    """What was corrected may come back to another place, or teach another category."""
    if matter.flow == "issue" and names & {"category", "area", "point", "location", "opened"}:
        recurrences.find(session, matter)
    if matter.flow == "issue" and "category" in names and matter.category:
        suggestions.learn(session, matter, matter.category)


def note(session: Session, actor: Actor, number: str, version: int, text: str) -> Matter:
    """Write a note on the matter's timeline without moving it."""
    matter = workflow.claim(session, actor, number, version, "matter.note")
    events.append(session, matter, actor, "note", note=fields.one(session, matter, "note", text))
    return matter
