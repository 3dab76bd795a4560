"""Issues 事项: raised by a person or found on patrol, with a place on the map, and the hooks of their flow."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session, col, select

from models.area import Area
from models.link import Link
from models.matter import Matter
from services.engine import events, fields, flows, workflow
from services.flows.issue import recurrences, suggestions
from services.matters import search
from services.places import areas, serials
from services.rights.permissions import Actor, require
from services.rules.categories import categories
from services.system import clock
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.i18n import listed
from services.words.vocabulary import codes


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
    area = _area(session, entered)
    require(actor, "issue.create", area.path)
    if entered.category is not None and entered.category not in categories():
        raise Refused("Choose a category from the list.")
    if entered.source not in codes("source"):
        raise Refused("Choose where the issue comes from.")
    matter = _row(session, area, entered, at or clock.now())
    recurrences.find(session, matter)
    events.append(session, matter, actor, "create", at=matter.opened_at)
    session.flush()
    return workflow.move(session, actor, matter.number, "submit", matter.version, at=matter.opened_at)


def _area(session: Session, entered: NewIssue) -> Area:
    if entered.lng is not None and entered.lat is not None:
        found = areas.at_point(session, entered.lng, entered.lat)
        if found is None and entered.area_id is None:
            raise Refused("This point lies outside every area. Tap inside the boundary, or choose the area by name.")
        if found is not None:
            return found
    chosen = session.get(Area, entered.area_id or 0)
    if chosen is None:
        raise Refused("Choose the area, or tap the place on the map.")
    return chosen


def _row(session: Session, area: Area, entered: NewIssue, at: datetime) -> Matter:
    title = fields.text(
        entered.title,
        120,
        Refused("Enter a title: what is wrong, and where."),
        listed("The title is {length} characters long. Shorten it to {limit}."),
    )
    description, location = clean(entered.description), clean(entered.location)
    if len(description) > 4000 or len(location) > 200:
        raise Refused("Shorten the description to 4000 characters and the place to 200.")
    place = areas.place_of(session, area)
    matter = Matter(
        number=serials.take(session, place.prefix)[0],
        flow="issue",
        state=flows.start_of("issue").code,
        title=title,
        description=description,
        category=entered.category,
        source=entered.source,
        area_id=area.id,
        location=location,
        lng=entered.lng,
        lat=entered.lat,
        opened_at=at,
        opened_month=clock.month_of(at),
    )
    session.add(matter)
    session.flush()
    search.index(session, [matter])
    return matter


@workflow.on("issue", "accept")
def set_category(session: Session, _actor: Actor, matter: Matter, values: dict[str, Any]) -> None:
    """Filing fixes the category, and with it the deadline; it teaches the suggestions, and shows what came back."""
    suggestions.learn(session, matter, values["category"])
    matter.category = values["category"]
    recurrences.find(session, matter)


@workflow.guard
def deliberation_over(session: Session, matter: Matter, _values: dict[str, Any]) -> None:
    """An issue in deliberation is done only when the topics it was discussed in are no longer open."""
    still = session.exec(
        select(Matter.number)
        .join(Link, col(Link.target_id) == Matter.id)
        .where(Link.source_id == matter.id, Link.kind == "discussed_in", col(Matter.is_open).is_(True))
    ).first()
    if still:
        raise Refused(
            "The deliberation {number} is still open. Finish it first, or withdraw the issue from it.", number=still
        )


def note(session: Session, actor: Actor, number: str, version: int, text: str) -> Matter:
    """Write a note on the matter's timeline without moving it."""
    matter = workflow.claim(session, actor, number, version, "matter.note")
    events.append(session, matter, actor, "note", note=fields.one(session, matter, "note", text))
    return matter
