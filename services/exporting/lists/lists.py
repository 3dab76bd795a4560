"""Lists: every list the program shows, as it leaves: the same rows for the same reader, under the same address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from models.area import Area
from services.exporting.lists import (
    biography_lists,
    call_lists,
    card_lists,
    casebook_lists,
    figure_lists,
    matter_lists,
    place_lists,
    record_lists,
    register_lists,
)
from services.exporting.lists.list_columns import Extract
from services.exporting.lists.list_requests import Question
from services.places import areas
from services.rights.permissions import Actor, may
from services.system.errors import NotFound
from services.words.cleaning import clean
from services.words.i18n import translate


@dataclass(frozen=True)
class Listing:
    """A list: the page that shows it, whose right is asked for, and what reads it."""

    page: str
    read: Callable[[Question], Extract]


LISTS = {
    "matters": Listing("ledger", matter_lists.ledger),
    "biography": Listing("biography", biography_lists.events),
    "calls": Listing("calls", call_lists.units),
    "organisations": Listing("organisations", place_lists.bodies),
    "forums": Listing("organisations", place_lists.forums),
    "venues": Listing("venues", place_lists.venues),
    "offices": Listing("organisations", place_lists.offices),
    "offers": Listing("organisations", place_lists.offers),
    "estates": Listing("estates", register_lists.bodies_of_estates),
    "coverage": Listing("posts", register_lists.coverage_by_post),
    "posts": Listing("posts", register_lists.staffing),
    "areas": Listing("map", place_lists.tree),
    "indicators": Listing("overview", figure_lists.table),
    "cards": Listing("cards", card_lists.casebook),
    "casebook": Listing("casebook", casebook_lists.figures),
    "records": Listing("records", casebook_lists.behind),
    "rules": Listing("rules", record_lists.rulebook),
    "audit": Listing("audit", record_lists.events),
    "audit_lines": Listing("audit", record_lists.lines),
}


def offered(actor: Actor, name: str) -> bool:
    """Whether this actor may take the list called ``name`` along."""
    return name in LISTS and may(actor, "export.lists") and may(actor, f"page.{LISTS[name].page}")


def extract(session: Session, actor: Actor, name: str, params: Mapping[str, str]) -> Extract:
    """The list called ``name``, with the area and the filter that the page's address asks for.

    NotFound where there is none for this actor, or no such area. The rows are read from ``session`` while they leave.
    """
    if not offered(actor, name):
        raise NotFound("There is no list {name} for you here. Open it from the page that shows it.", name=name[:40])
    here = areas.scope(session, actor, clean(params.get("area")) or None)
    found = LISTS[name].read(Question(session, actor, here, params))
    if not session.get_one(Area, here.area_id).sample:
        return found
    said = translate(
        actor.language, "Sample data, generated and calibrated to published totals. Boundaries are schematic."
    )
    return replace(found, notes=(*found.notes, said))
