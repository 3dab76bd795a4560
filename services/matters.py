"""Matters 事项 as a list: one filter for the ledger, the map and every figure that leads to its list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, true
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.area import Area
from models.link import Link
from models.matter import Matter
from models.organisation import Organisation
from services import areas, clock, deadlines, flows, keeping, search
from services.permissions import Actor, only_public

CAP = 1000


@dataclass(frozen=True)
class Filter:
    """What is asked of the list. Empty fields ask nothing. ``path`` is the area and everything below it."""

    path: str = ""
    flow: str = "issue"
    openness: str = ""
    state: str = ""
    clock: str = ""
    category: str = ""
    unit: str = ""
    source: str = ""
    link: str = ""
    text: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    sort: str = "due"

    def with_(self, **changes: Any) -> "Filter":
        """The same filter with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Row:
    """A matter as a list shows it."""

    matter: Matter
    area: str
    unit: str
    standing: str


SORTS: dict[str, Callable[[], list[Any]]] = {
    "due": lambda: [col(Matter.due_at).is_(None), col(Matter.due_at), col(Matter.id).desc()],
    "newest": lambda: [col(Matter.opened_at).desc(), col(Matter.id).desc()],
    "oldest": lambda: [col(Matter.opened_at), col(Matter.id)],
    "number": lambda: [col(Matter.number)],
}


def is_open() -> ColumnElement[bool]:
    """Not yet at an end; compared with a literal so that both databases use their index of open matters."""
    return col(Matter.is_open) == true()


def overdue(at: datetime) -> ColumnElement[bool]:
    """Open and past its deadline."""
    return and_(is_open(), col(Matter.due_at) < at)


def serious(at: datetime) -> ColumnElement[bool]:
    """Open and so long past its deadline that it is seriously overdue: some of the overdue."""
    return and_(is_open(), col(Matter.due_at) < deadlines.levels(at).serious)


def due_soon(at: datetime) -> ColumnElement[bool]:
    """Open and within the due-soon span before its deadline."""
    return and_(is_open(), col(Matter.due_at) >= at, col(Matter.due_at) < deadlines.levels(at).soon)


def stopped() -> ColumnElement[bool]:
    """In a state in which the clock stands still; such a state is open."""
    states = ((flow, flows.states_of_kind(flow, "paused")) for flow in flows.flows())
    each = (and_(col(Matter.flow) == flow, col(Matter.state).in_(codes)) for flow, codes in states if codes)
    return or_(*each)


def paused() -> ColumnElement[bool]:
    """Open, and the clock stands still."""
    return and_(is_open(), stopped())


def hold_over(at: datetime) -> ColumnElement[bool]:
    """On hold longer than expected when the hold was approved."""
    return and_(paused(), col(Matter.hold_until) < at)


def _on_track(at: datetime) -> ColumnElement[bool]:
    return and_(is_open(), col(Matter.due_at) >= deadlines.levels(at).soon)


def _undated(_at: datetime) -> ColumnElement[bool]:
    return and_(is_open(), col(Matter.due_at).is_(None), ~paused())


_CLOCKS: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "serious": serious,
    "overdue": overdue,
    "due_soon": due_soon,
    "on_track": _on_track,
    "hold_over": hold_over,
    "paused": lambda _at: paused(),
    "none": _undated,
    "on_time": lambda _at: col(Matter.on_time).is_(True),
    "late": lambda _at: col(Matter.on_time).is_(False),
}


def conditions(session: Session, actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter as SQL, narrowed to what this actor may see."""
    path = wanted.path if wanted.path.startswith(actor.area_path) else actor.area_path
    found: list[ColumnElement[bool]] = []
    if path:
        found.append(col(Matter.area_id).in_(select(Area.id).where(areas.within(path))))
    if only_public(actor):
        found.append(col(Matter.public).is_(True))
    if wanted.text.strip():
        found.append(search.matching(session, wanted.text))
    return found + _columns(wanted) + _period(wanted)


def _columns(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    for name in ("flow", "state", "category", "source"):
        if value := getattr(wanted, name):
            found.append(getattr(Matter, name) == value)
    if wanted.openness in ("open", "closed"):
        found.append(is_open() if wanted.openness == "open" else ~is_open())
    if wanted.clock in _CLOCKS:
        found.append(_CLOCKS[wanted.clock](clock.now()))
    if wanted.link:
        found.append(col(Matter.id).in_(select(Link.source_id).where(Link.kind == wanted.link)))
    if wanted.unit:
        found.append(col(Matter.unit_id).in_(select(Organisation.id).where(Organisation.code == wanted.unit)))
    return found


def _period(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.opened_from:
        found.append(col(Matter.opened_at) >= clock.start_of(wanted.opened_from))
    if wanted.opened_to:
        found.append(col(Matter.opened_at) < clock.end_of(wanted.opened_to))
    return found


def listing(session: Session, actor: Actor, wanted: Filter, limit: int, offset: int) -> tuple[int, list[Row]]:
    """How many match and one page of them; at most a minute old, and never older than the last event."""
    return keeping.kept(
        session,
        actor,
        ("listing", wanted, limit, offset),
        lambda: (count(session, actor, wanted), page(session, actor, wanted, limit, offset)),
        seconds=60,
    )


def count(session: Session, actor: Actor, wanted: Filter) -> int:
    """How many match, counted up to CAP + 1: one more means "more than CAP"."""
    return session.exec(select(func.count()).select_from(_first(session, actor, wanted).subquery())).one()


def _first(session: Session, actor: Actor, wanted: Filter) -> Select[int]:
    """CAP + 1 of those that match; of a text that more match, the newest."""
    asked = conditions(session, actor, wanted.with_(text=""))
    if wanted.text.strip():
        return search.newest(session, wanted.text, CAP + 1).where(*asked)
    return sql_select(col(Matter.id)).where(*asked).limit(CAP + 1)


def page(session: Session, actor: Actor, wanted: Filter, limit: int = 50, offset: int = 0) -> list[Row]:
    """One page of the list, with names of area and unit and the standing of each clock.

    Of a text that more than CAP match, the newest are listed, in the order asked for.
    """
    asked = conditions(session, actor, wanted.with_(text=""))
    if wanted.text.strip():
        asked = [col(Matter.id).in_(_first(session, actor, wanted))]
    query = select(Matter.id).where(*asked).order_by(*SORTS[wanted.sort]()).limit(limit).offset(offset)
    return rows(session, list(session.exec(query)), wanted.sort)


def rows(session: Session, ids: list[int], sort: str) -> list[Row]:
    """The matters with these ids, with their names, in the order ``sort``."""
    above = aliased(Area)
    query = (
        select(Matter, Area, above.name, Organisation.name)
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(above, col(above.id) == Area.parent_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(col(Matter.id).in_(ids))
        .order_by(*SORTS[sort]())
    )
    at = clock.now()
    return [
        Row(matter, _where(area, parent), unit or "", deadlines.standing(matter, at))
        for matter, area, parent, unit in session.exec(query)
    ]


def _where(area: Area, parent: str | None) -> str:
    # "Building 7" alone could be in any estate.
    return f"{parent} {area.name}" if area.level == "building" and parent else area.name
