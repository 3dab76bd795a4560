"""Evidence: what the records hold for a mechanism or a figure, counted at or below an area.

Each function is registered under the name that ``cards.csv`` and ``figures.csv`` call it by, with arguments written
like a query: ``deliberations?forum=CL-F-HSL``. The page and the query of an Evidence lead to the rows it counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.sql import Select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.deliberation import Deliberation
from models.link import Link
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.places.areas import within
from services.rights.permissions import Actor, may
from services.system.errors import Refused


@dataclass(frozen=True)
class Evidence:
    """A count of records, the message that names its unit, and the page and filter that show the records."""

    count: int
    unit: str
    page: str
    query: dict[str, str]


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
    return may(actor, "matter.read", root.path) or expression.partition("?")[0] not in _OF_MATTERS


def seen(session: Session, actor: Actor, root: Area, expression: str) -> Evidence | None:
    """The count below ``root`` as this reader may see it: of matters, for somebody of a part, those of the part."""
    if may_see(actor, root, expression):
        return gather(session, root, expression)
    part = session.get(Area, actor.area_id or 0)
    inside = part is not None and part.path.startswith(root.path) and may(actor, "matter.read", part.path)
    return gather(session, part, expression) if part and inside and "area=" not in expression else None


def gather(session: Session, root: Area, expression: str) -> Evidence:
    """Count what ``expression`` names at or below ``root``, or below its own ``area`` argument."""
    name, _, query = expression.partition("?")
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    if name not in _REGISTRY:
        known = ", ".join(sorted(_REGISTRY))
        raise Refused("No evidence is called {name}. Choose one of: {known}.", name=name, known=known)
    narrowed = _narrowed(session, root, arguments.pop("area", root.code))
    try:
        signature(_REGISTRY[name]).bind(session, narrowed, **arguments)
    except TypeError as error:
        raise Refused("{expression} can't be counted: {problem}.", expression=expression, problem=error) from error
    return _REGISTRY[name](session, narrowed, **arguments)


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


def _matters(root: Area, flow: str, category: str | None = None) -> Select[Any]:
    query = _here(Matter, root).where(col(Matter.flow) == flow)
    return query.where(col(Matter.category) == category) if category else query


@evidence("areas")
def areas(session: Session, root: Area, level: str) -> Evidence:
    """Areas of one level."""
    query = select(Area).where(within(root.path), Area.level == level)
    return Evidence(_count(session, query), "areas", "map", _query(root, level=level))


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
def organisations(session: Session, root: Area, kind: str | None = None) -> Evidence:
    """Organisations on record, of one kind or of all."""
    query = _here(Organisation, root)
    query = query.where(col(Organisation.kind) == kind) if kind else query
    return Evidence(_count(session, query), "organisations", "organisations", _query(root, kind=kind))


@evidence("forums")
def forums(session: Session, root: Area) -> Evidence:
    """Standing forums."""
    return Evidence(_count(session, _here(Forum, root)), "forums", "deliberations", _query(root))


@evidence("venues")
def venues(session: Session, root: Area, kind: str | None = None) -> Evidence:
    """Venues, of one kind or of all."""
    query = _here(Venue, root)
    query = query.where(col(Venue.kind) == kind) if kind else query
    return Evidence(_count(session, query), "venues", "map", _query(root, layer="venues", kind=kind))


@evidence("offices")
def offices(session: Session, root: Area, kind: str) -> Evidence:
    """Posts of one kind that are filled."""
    query = _here(Office, root).where(col(Office.kind) == kind, col(Office.filled))
    return Evidence(_count(session, query), "posts", "organisations", _query(root, office=kind))


@evidence("issues", matters=True)
def issues(session: Session, root: Area, category: str | None = None, source: str | None = None) -> Evidence:
    """Issues on the ledger, of one category or source or of all."""
    query = _matters(root, "issue", category)
    query = query.where(col(Matter.source) == source) if source else query
    return Evidence(
        _count(session, query), "issues", "issues", _query(root, category=category, source=source, open="all")
    )


@evidence("issues_discussed", matters=True)
def issues_discussed(session: Session, root: Area) -> Evidence:
    """Issues that were taken to deliberation."""
    taken = select(Link.source_id).where(Link.kind == "discussed_in")
    query = _matters(root, "issue").where(col(Matter.id).in_(taken))
    return Evidence(_count(session, query, col(Matter.id)), "issues", "issues", _query(root, link="discussed_in"))


@evidence("deliberations", matters=True)
def deliberations(session: Session, root: Area, forum: str | None = None, category: str | None = None) -> Evidence:
    """Topics, those put to one forum or of one category or all."""
    query = _matters(root, "deliberation", category)
    if forum:
        query = query.join(Deliberation, col(Deliberation.matter_id) == Matter.id)
        query = query.join(Forum, col(Forum.id) == Deliberation.forum_id).where(col(Forum.code) == forum)
    return Evidence(_count(session, query), "topics", "deliberations", _query(root, forum=forum, category=category))


@evidence("subjects_deliberated", matters=True)
def subjects_deliberated(session: Session, root: Area, categories: str) -> Evidence:
    """How many of the categories named have at least one topic."""
    query = _matters(root, "deliberation").where(col(Matter.category).in_(categories.split()))
    return Evidence(_count(session, query, col(Matter.category)), "kinds", "deliberations", _query(root))


@evidence("actions", matters=True)
def actions(session: Session, root: Area) -> Evidence:
    """Action items."""
    return Evidence(
        _count(session, _matters(root, "action")), "action items", "issues", _query(root, flow="action", open="all")
    )
