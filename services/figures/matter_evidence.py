"""Evidence from matters: how many there are, what they are about, the meetings on them and what those settled."""

from datetime import date
from typing import Any

from sqlalchemy.sql import Select
from sqlmodel import Session, col, select

from models.area import Area
from models.deliberation import Deliberation
from models.matter import Link, Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.place import Forum
from services.engine import flows
from services.figures.card_evidence import RECORDS, Records, evidence
from services.figures.record_queries import kinds_of, placed, record_of
from services.matters import list_pages
from services.places.areas import within
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary

_TOLD: dict[str, Any] = {
    "name": col(Matter.title),
    "kind": col(Matter.state),
    "code": col(Matter.number),
    "at": col(Matter.opened_at),
}
_KINDS: dict[str, tuple[Any, Any, str]] = {
    "category": (col(Matter.category), None, "category"),
    "area": (col(Matter.area_id), col(Area.name), ""),
}


@evidence("matters", matters=True)
def matters(
    _session: Session,
    root: Area,
    flow: str,
    category: str = "",
    categories: str = "",
    source: str = "",
    forum: str = "",
    link: str = "",
    state: str = "",
    kinds: str = "",
) -> Records:
    """Matters of a flow: of one category or several, of a source, put to a forum, tied to another matter, in a state.

    ``kinds`` counts how many different categories or areas there are among them.
    """
    if flow not in flows.flows() or kinds not in ("", *_KINDS):
        known = ", ".join((*flows.flows(), *_KINDS))
        raise Refused("{given} can't be counted. Choose one of: {known}.", given=kinds or flow, known=known)
    query = placed(Matter, root, **_TOLD).where(col(Matter.flow) == flow)
    named = [*categories.split(), *filter(None, [category])]
    query = query.where(col(Matter.category).in_(named)) if named else query
    query = query.where(col(Matter.source) == source) if source else query
    query = query.where(col(Matter.state) == state) if state else query
    if forum:
        query = query.join(Deliberation, col(Deliberation.matter_id) == Matter.id)
        query = query.join(Forum, col(Forum.id) == Deliberation.forum_id).where(col(Forum.code) == forum)
    if link:
        query = query.where(col(Matter.id).in_(select(Link.source_id).where(Link.kind == link)))
    if kinds:
        what, name, words = _KINDS[kinds]
        return Records(kinds_of(query, what, name), "kinds", kinds=words)
    page, asked = _list(root, flow, category=category, source=source, forum=forum, link=link, state=state)
    return Records(
        query, _unit(flow), f"state.{flow}", "matter", flow=flow, page=RECORDS if categories else page, asked=asked
    )


def _unit(flow: str) -> str:
    return vocabulary.term("counted", flow, "en")


def _list(root: Area, flow: str, **filters: str) -> tuple[str, dict[str, str]]:
    """The list of the flow, and what its address asks for."""
    page, more = list_pages.page(flow)
    asked = {"area": root.code} | {name: value for name, value in filters.items() if value}
    return page, asked | ({} if filters["link"] or filters["state"] else {"open": "all"}) | more


def _held(forums: str, year: str) -> list[Any]:
    """The conditions of meetings that were held at some forums, in one year or ever."""
    found: list[Any] = [col(Forum.code).in_(forums.split()), col(Meeting.ended_at).is_not(None)]
    if year:
        first, after = clock.start_of(date(int(year), 1, 1)), clock.start_of(date(int(year) + 1, 1, 1))
        found += [col(Occasion.starts_at) >= first, col(Occasion.starts_at) < after]
    return found


def _with_occasions(query: Select[Any]) -> Select[Any]:
    query = query.join(Forum, col(Forum.id) == Meeting.forum_id)
    return query.join(Occasion, col(Occasion.id) == Meeting.occasion_id)


@evidence("meetings", matters=True)
def meetings(_session: Session, root: Area, flow: str, forums: str, year: str = "") -> Records:
    """Meetings held at some forums on matters of a flow, in one year or ever."""
    told = _TOLD | {"at": col(Occasion.starts_at)}
    query = record_of(area=col(Area.name), **told).select_from(Meeting)
    query = query.join(Matter, col(Matter.id) == Meeting.matter_id).join(Area, col(Area.id) == Matter.area_id)
    query = _with_occasions(query).where(within(root.path), col(Matter.flow) == flow, *_held(forums, year))
    ordered = query.order_by(col(Occasion.starts_at), col(Meeting.id))
    return Records(ordered, "meetings held", kinds=f"state.{flow}", leads="matter")


@evidence("settled", matters=True)
def settled(_session: Session, root: Area, flow: str, forums: str, year: str = "") -> Records:
    """Matters of a flow that were begun from what met at some forums, in one year or ever, and are done."""
    met = _with_occasions(select(Meeting.matter_id)).where(*_held(forums, year))
    query = placed(Matter, root, **_TOLD).where(col(Matter.parent_id).in_(met))
    query = query.where(col(Matter.flow) == flow, col(Matter.state).in_(flows.states_of_kind(flow, "done")))
    return Records(query, "matters settled", kinds=f"state.{flow}", leads="matter")
