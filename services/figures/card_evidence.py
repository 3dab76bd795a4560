"""Evidence: what the records hold for a mechanism or a figure, counted at or below an area.

Each function is registered under the name that ``cards.csv`` and ``figures.csv`` call it by, with arguments written
like a query: ``matters?flow=deliberation&forum=CL-F-HSL``. It says which records there are; they are counted and
listed from the same statement, so that a figure leads to exactly what it counted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import signature
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.sql import Select
from sqlmodel import Session, func, select

from models.area import Area
from services.places.areas import within
from services.rights.permissions import Actor, may
from services.system.data_files import rows
from services.system.errors import Refused

# What the count is of the records: how many, the sum of their amounts, or the largest.
MANY, SUM, LARGEST = "many", "sum", "largest"
RECORDS = "records"


@dataclass(frozen=True)
class Records:
    """The records that count, and the message that names their unit.

    ``query`` selects ``name``, ``kind``, ``area``, ``code``, ``amount`` and ``at`` of each, as ``record_of`` labels
    them; ``kinds`` is the vocabulary its kinds are words of, ``leads`` the page that shows one by its code. Where they
    are matters counted one by one, ``flow`` is theirs. ``page`` and ``asked`` name a list that shows just these.
    """

    query: Select[Any]
    unit: str
    kinds: str = ""
    leads: str = ""
    measure: str = MANY
    flow: str = ""
    page: str = RECORDS
    asked: dict[str, str] = field(default_factory=dict)


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


Gather = Callable[..., Records]
_REGISTRY: dict[str, Gather] = {}
_OF_MATTERS: set[str] = set()


def evidence(name: str, matters: bool = False) -> Callable[[Gather], Gather]:
    """Register a function ``(session, root, **arguments) -> Records`` as ``name``, and whether it counts matters."""

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
    found, narrowed = records(session, root, expression)
    asked = found.asked if found.page != RECORDS else {"of": expression, "area": root.code}
    return Evidence(counted(session, found), found.unit, found.page, asked, found.flow, narrowed.name)


def counted(session: Session, found: Records) -> int:
    """What the records come to: how many, the sum of their amounts, or the largest."""
    each = found.query.subquery()
    what = {MANY: func.count(), SUM: func.sum(each.c.amount), LARGEST: func.max(each.c.amount)}[found.measure]
    return int(session.exec(select(what).select_from(each)).one() or 0)


def records(session: Session, root: Area, expression: str) -> tuple[Records, Area]:
    """The records that ``expression`` names, and the area at or below which they stand."""
    name, arguments = _written_out(expression)
    if name not in _REGISTRY:
        known = ", ".join(sorted({*_REGISTRY, *_short()}))
        raise Refused("No evidence is called {name}. Choose one of: {known}.", name=name, known=known)
    narrowed = _narrowed(session, root, arguments.pop("area", root.code))
    try:
        signature(_REGISTRY[name]).bind(session, narrowed, **arguments)
    except TypeError as error:
        raise Refused("{expression} can't be counted: {problem}.", expression=expression, problem=error) from error
    return _REGISTRY[name](session, narrowed, **arguments), narrowed


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
