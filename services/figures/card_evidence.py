"""Evidence: what the records hold for a mechanism or a figure, counted at or below an area.

Each function is registered under the name that ``cards.csv`` and ``figures.csv`` call it by, with arguments written
like a query: ``matters?flow=deliberation&forum=CL-F-HSL``. The page and the query of an Evidence lead to the rows it
counted.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from inspect import signature
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, and_
from sqlalchemy.sql import Select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.deliberation import Deliberation
from models.matter import Link, Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.engine import flows
from services.matters import list_pages
from services.places.areas import within
from services.rights.permissions import Actor, may
from services.system.data_files import rows
from services.system.errors import Refused
from services.words import vocabulary


@dataclass(frozen=True)
class Evidence:
    """A count of records, the message that names its unit, and the page and filter that show the records.

    Where it counts matters one by one, ``flow`` is theirs, and names the unit. ``area`` is where it counted.
    """

    count: int
    unit: str
    page: str
    query: dict[str, str]
    flow: str = ""
    area: str = ""


Gather = Callable[..., Evidence]
_REGISTRY: dict[str, Gather] = {}
_OF_MATTERS: set[str] = set()


def evidence(name: str, matters: bool = False) -> Callable[[Gather], Gather]:
    """Register a function ``(session, root, **arguments) -> Evidence`` as ``name``, and whether it counts matters."""

    def register(function: Gather) -> Gather:
        _REGISTRY[name] = function
        if matters:
            _OF_MATTERS.add(name)
        return function

    return register


def may_see(actor: Actor, root: Area, expression: str) -> bool:
    """Whether this reader is shown a count below ``root``: of matters whoever may read them all, of bodies everybody.

    The public sees only matters on notice, a unit only its own, and somebody of one grid only those of the grid.
    """
    return may(actor, "matter.read", root.path) or _written_out(expression)[0] not in _OF_MATTERS


def seen(session: Session, actor: Actor, root: Area, expression: str) -> Evidence | None:
    """The count below ``root`` as this reader may see it: for somebody of a part of it, that of the part.

    What names an area of its own is counted there, or not at all.
    """
    part = session.get(Area, actor.area_id or 0)
    if part is None or part.id == root.id or not part.path.startswith(root.path):
        return gather(session, root, expression) if may_see(actor, root, expression) else None
    if "area=" in expression:
        return gather(session, root, expression) if may_see(actor, root, expression) else None
    return gather(session, part, expression) if may_see(actor, part, expression) else None


def gather(session: Session, root: Area, expression: str) -> Evidence:
    """Count what ``expression`` names at or below ``root``, or below its own ``area`` argument."""
    name, arguments = _written_out(expression)
    if name not in _REGISTRY:
        known = ", ".join(sorted({*_REGISTRY, *_short()}))
        raise Refused("No evidence is called {name}. Choose one of: {known}.", name=name, known=known)
    narrowed = _narrowed(session, root, arguments.pop("area", root.code))
    try:
        signature(_REGISTRY[name]).bind(session, narrowed, **arguments)
    except TypeError as error:
        raise Refused("{expression} can't be counted: {problem}.", expression=expression, problem=error) from error
    return replace(_REGISTRY[name](session, narrowed, **arguments), area=narrowed.name)


def _written_out(expression: str) -> tuple[str, dict[str, str]]:
    """The function and its arguments; a short name of data/evidence.csv stands for one with arguments of its own."""
    name, _, query = expression.partition("?")
    function, _, own = _short().get(name, name).partition("?")
    return function, dict(parse_qsl(own)) | dict(parse_qsl(query, keep_blank_values=True))


@lru_cache
def _short() -> dict[str, str]:
    return {row["name"]: row["expression"] for row in rows("evidence.csv")}


def _narrowed(session: Session, root: Area, code: str) -> Area:
    found = session.exec(select(Area).where(Area.code == code, within(root.path))).first()
    if found is None:
        raise Refused("There is no area {code} in {place}. Correct the card.", code=code, place=root.name)
    return found


def _count(session: Session, query: Any, what: Any = None) -> int:
    counted = func.count() if what is None else func.count(what.distinct())
    return int(session.exec(query.with_only_columns(counted)).one())


def _query(root: Area, **filters: str | None) -> dict[str, str]:
    return {"area": root.code} | {name: value for name, value in filters.items() if value}


def _here(table: Any, root: Area) -> Select[Any]:
    return select(table).join(Area, col(Area.id) == table.area_id).where(within(root.path))


@evidence("areas")
def areas(session: Session, root: Area, level: str, kind: str = "") -> Evidence:
    """Areas of one level, of one kind or of all."""
    query = select(Area).where(within(root.path), Area.level == level)
    query = query.where(Area.kind == kind) if kind else query
    return Evidence(_count(session, query), "areas", "map", _query(root, level=level))


@evidence("levels")
def levels(session: Session, root: Area) -> Evidence:
    """Levels of the tree that occur below."""
    query = select(Area).where(within(root.path), Area.level != root.level)
    return Evidence(_count(session, query, col(Area.level)), "levels", "map", _query(root))


@evidence("estate_kinds")
def estate_kinds(session: Session, root: Area) -> Evidence:
    """Kinds of estate that occur."""
    query = select(Area).where(within(root.path), Area.level == "estate")
    return Evidence(_count(session, query, col(Area.kind)), "kinds", "map", _query(root, level="estate"))


@evidence("actor_kinds")
def actor_kinds(session: Session, root: Area, kinds: str) -> Evidence:
    """How many of the kinds of organisation named have at least one organisation."""
    query = _here(Organisation, root).where(col(Organisation.kind).in_(kinds.split()))
    return Evidence(_count(session, query, col(Organisation.kind)), "kinds", "organisations", _query(root))


@evidence("organisations")
def organisations(
    session: Session, root: Area, kind: str = "", kinds: str = "", level: str = "", below: str = ""
) -> Evidence:
    """Organisations on record: of one kind or several, seated in areas of one level, or below one of them."""
    query = _here(Organisation, root)
    named = [*kinds.split(), *filter(None, [kind])]
    query = query.where(col(Organisation.kind).in_(named)) if named else query
    query = query.where(col(Area.level) == level) if level else query
    query = query.where(_under(below)) if below else query
    return Evidence(_count(session, query), "organisations", "organisations", _query(root, kind=kind))


def _under(code: str) -> ColumnElement[bool]:
    above = select(Organisation.path).where(Organisation.code == code).scalar_subquery()
    return and_(col(Organisation.path).startswith(above), col(Organisation.code) != code)


@evidence("forums")
def forums(session: Session, root: Area, organisation: str = "") -> Evidence:
    """Standing forums, of one organisation or of all."""
    query = _here(Forum, root)
    if organisation:
        query = query.join(Organisation, col(Organisation.id) == Forum.organisation_id)
        query = query.where(col(Organisation.code) == organisation)
    return Evidence(_count(session, query), "forums", "deliberations", _query(root))


@evidence("venues")
def venues(session: Session, root: Area, kind: str = "", estates: str = "", state: str = "") -> Evidence:
    """Venues: of one kind or of all, in one kind of estate, and planned, building, open or closed."""
    query = _here(Venue, root)
    query = query.where(col(Venue.state) == state) if state else query
    query = query.where(col(Venue.kind) == kind) if kind else query
    query = query.where(col(Area.kind) == estates) if estates else query
    return Evidence(_count(session, query), "venues", "venues", _query(root, kind=kind, state=state))


@evidence("offices")
def offices(session: Session, root: Area, kind: str) -> Evidence:
    """Posts of one kind that are filled."""
    query = _here(Office, root).where(col(Office.kind) == kind, col(Office.filled))
    return Evidence(_count(session, query), "posts", "organisations", _query(root, office=kind))


_COUNTED: dict[str, Any] = {"": None, "category": col(Matter.category), "area": col(Matter.area_id)}


@evidence("matters", matters=True)
def matters(
    session: Session,
    root: Area,
    flow: str,
    category: str = "",
    categories: str = "",
    source: str = "",
    forum: str = "",
    link: str = "",
    state: str = "",
    kinds: str = "",
) -> Evidence:
    """Matters of a flow: of one category or several, of a source, put to a forum, tied to another matter, in a state.

    ``kinds`` counts how many different categories or areas there are among them.
    """
    if flow not in flows.flows() or kinds not in _COUNTED:
        known = ", ".join((*flows.flows(), *filter(None, _COUNTED)))
        raise Refused("{given} can't be counted. Choose one of: {known}.", given=kinds or flow, known=known)
    query = _here(Matter, root).where(col(Matter.flow) == flow)
    named = [*categories.split(), *filter(None, [category])]
    query = query.where(col(Matter.category).in_(named)) if named else query
    query = query.where(col(Matter.source) == source) if source else query
    query = query.where(col(Matter.state) == state) if state else query
    if forum:
        query = query.join(Deliberation, col(Deliberation.matter_id) == Matter.id)
        query = query.join(Forum, col(Forum.id) == Deliberation.forum_id).where(col(Forum.code) == forum)
    if link:
        query = query.where(col(Matter.id).in_(select(Link.source_id).where(Link.kind == link)))
    page, more = list_pages.page(flow)
    asked = _query(root, category=category, source=source, forum=forum, link=link, state=state)
    asked |= ({} if link or state else {"open": "all"}) | more
    unit = "kinds" if kinds else vocabulary.term("counted", flow, "en")
    return Evidence(_count(session, query, _COUNTED[kinds]), unit, page, asked, "" if kinds else flow)
