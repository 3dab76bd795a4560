"""Matters 事项 as a list: one filter for the ledger, the map and every figure that leads to its list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Link, Matter
from models.organisation import Organisation
from services.engine import deadlines, flows, versioned_cache
from services.matters import asking, beside, case_conditions, kept, reader_search, reader_sort, search, sorting
from services.matters.case_conditions import is_open as is_open
from services.matters.case_conditions import overdue as overdue
from services.matters.case_conditions import paused as paused
from services.matters.filter import NONE as NONE
from services.matters.filter import Filter as Filter
from services.matters.sorting import SORTS as SORTS
from services.places import areas
from services.rights import matter_rights, reader_texts
from services.rights.permissions import Actor, only_public
from services.system import clock

CAP = 1000


@dataclass(frozen=True)
class Row:
    """A matter as a list shows it; ``beside`` is what its flow keeps in a table beside it, by column."""

    matter: Matter
    area: str
    unit: str
    standing: str
    path: str = ""
    beside: dict[str, Any] = field(default_factory=dict)


def serious(at: datetime) -> ColumnElement[bool]:
    """Open and so long past its deadline that it is seriously overdue: some of the overdue.

    Not while it is on hold, or has been given time that lasts still.
    """
    return and_(is_open(), col(Matter.due_at) < deadlines.levels(at).serious, ~case_conditions.relieved(at))


def _overdue_only(at: datetime) -> ColumnElement[bool]:
    late = or_(col(Matter.due_at) >= deadlines.levels(at).serious, case_conditions.relieved(at))
    return and_(overdue(at), late)


def _held_late(at: datetime) -> ColumnElement[bool]:
    return and_(paused(), col(Matter.due_at).is_not(None), or_(col(Matter.hold_until).is_(None), ~_past(at)))


def _past(at: datetime) -> ColumnElement[bool]:
    return col(Matter.hold_until) < at


def _extended_late(at: datetime) -> ColumnElement[bool]:
    return and_(is_open(), ~case_conditions.stopped(), col(Matter.extended_to) >= at)


def due_soon(at: datetime) -> ColumnElement[bool]:
    """Open and within the due-soon span before its deadline."""
    return and_(is_open(), col(Matter.due_at) >= at, col(Matter.due_at) < deadlines.levels(at).soon)


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
    "overdue_only": _overdue_only,
    "extended_late": _extended_late,
    "held_late": _held_late,
    "held_late_over": lambda at: and_(paused(), col(Matter.due_at).is_not(None), _past(at)),
    "due_soon": due_soon,
    "on_track": _on_track,
    "hold_over": hold_over,
    "paused": lambda _at: paused(),
    "none": _undated,
    "on_time": lambda _at: col(Matter.on_time).is_(True),
    "late": lambda _at: col(Matter.on_time).is_(False),
}


def conditions(session: Session, actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter as SQL, narrowed to what this actor may see. Refused where it asks by what the actor may not read."""
    asking.require(actor, wanted)
    path = wanted.path if wanted.path.startswith(actor.area_path) else actor.area_path
    found: list[ColumnElement[bool]] = []
    if path and wanted.own:
        found.append(col(Matter.area_id).in_(select(Area.id).where(Area.path == path)))
    elif path:
        found.append(col(Matter.area_id).in_(select(Area.id).where(areas.within(path))))
    found += matter_rights.narrowed(actor)
    found += _columns(wanted) + _period(wanted)
    return found + _text(session, actor, wanted, found)


def _text(
    session: Session, actor: Actor, wanted: Filter, others: list[ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    if not wanted.text.strip():
        return []
    if not only_public(actor):
        return [search.matching(session, wanted.text)]
    return [col(Matter.id).in_(reader_search.newest(session, actor, wanted.text, others, CAP + 1))]


def _columns(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    for name in ("flow", "state", "category", "source"):
        if value := getattr(wanted, name):
            found.append(col(getattr(Matter, name)) == (None if value == NONE else value))
    if wanted.openness in ("open", "closed"):
        found.append(is_open() if wanted.openness == "open" else ~is_open())
    if wanted.clock in _CLOCKS:
        found.append(_CLOCKS[wanted.clock](clock.now()))
    if wanted.station:
        found.append(_at(wanted))
    return found + _tied(wanted) + _unit(wanted)


def _tied(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.link:
        found.append(col(Matter.id).in_(select(Link.source_id).where(Link.kind == wanted.link)))
    if wanted.figure:
        found.append(case_conditions.condition(wanted.figure, wanted.flow))
    if wanted.forum:
        found.append(beside.at_forum(wanted.forum))
    own = kept.of(wanted.flow) if wanted.kept else {}
    return found + [kept.holds(own[name], value) for name, value in wanted.kept if name in own]


def _at(wanted: Filter) -> ColumnElement[bool]:
    known = [wanted.flow] if wanted.flow else flows.flows()
    there = ((flow, flows.states_at(flow, wanted.station)) for flow in known)
    return or_(false(), *(and_(col(Matter.flow) == flow, col(Matter.state).in_(states)) for flow, states in there))


def _unit(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.unit == NONE:
        return [col(Matter.unit_id).is_(None)]
    named = select(Organisation.id).where(Organisation.code == wanted.unit)
    return [col(Matter.unit_id).in_(named)] if wanted.unit else []


def _period(wanted: Filter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.opened_from:
        found.append(col(Matter.opened_at) >= clock.start_of(wanted.opened_from))
    if wanted.opened_to:
        found.append(col(Matter.opened_at) < clock.end_of(wanted.opened_to))
    return found


def listing(session: Session, actor: Actor, wanted: Filter, limit: int, offset: int) -> tuple[int, list[Row]]:
    """How many match and one page of them; at most a minute old, and never older than the last event."""
    return versioned_cache.kept(
        session, actor, ("listing", wanted, limit, offset), lambda: _listing(session, actor, wanted, limit, offset), 60
    )


def _listing(session: Session, actor: Actor, wanted: Filter, limit: int, offset: int) -> tuple[int, list[Row]]:
    if not wanted.text.strip():
        return count(session, actor, wanted), page(session, actor, wanted, limit, offset)
    found = _holding(session, actor, wanted)
    return len(found), _page(session, actor, wanted, [col(Matter.id).in_(found)], limit, offset)


def count(session: Session, actor: Actor, wanted: Filter) -> int:
    """How many match, counted up to CAP + 1: one more means "more than CAP"."""
    if wanted.text.strip():
        return len(_holding(session, actor, wanted))
    first = sql_select(col(Matter.id)).where(*conditions(session, actor, wanted)).limit(CAP + 1)
    return session.exec(select(func.count()).select_from(first.subquery())).one()


def _holding(session: Session, actor: Actor, wanted: Filter) -> list[int]:
    """CAP + 1 of those that hold a text and match the rest: the newest."""
    asked = conditions(session, actor, wanted.with_(text=""))
    return reader_search.newest(session, actor, wanted.text, asked, CAP + 1)


def page(session: Session, actor: Actor, wanted: Filter, limit: int = 50, offset: int = 0) -> list[Row]:
    """One page of the list, with names of area and unit and the standing of each clock.

    Of a text that more than CAP match, the newest are listed, in the order asked for; a matter whose number was typed
    in full comes first.
    """
    asked = conditions(session, actor, wanted.with_(text=""))
    if wanted.text.strip():
        asked = [col(Matter.id).in_(_holding(session, actor, wanted))]
    return _page(session, actor, wanted, asked, limit, offset)


def _page(
    session: Session, actor: Actor, wanted: Filter, asked: list[ColumnElement[bool]], limit: int, offset: int
) -> list[Row]:
    order, number = sorting.order(wanted.flow, wanted.sort), wanted.text.strip().upper()
    if number:
        order.insert(0, col(Matter.number) != number)
    if reader_sort.by_text(actor, wanted):
        found = reader_sort.ids(session, actor, wanted, asked)[offset : offset + limit]
    else:
        found = list(session.exec(select(Matter.id).where(*asked).order_by(*order).limit(limit).offset(offset)))
    columns = flows.flow(wanted.flow).words("list", "columns") if wanted.flow else ()
    return _with_kept(session, wanted.flow, columns, rows(session, found, columns, actor))


def _with_kept(session: Session, flow: str, columns: tuple[str, ...], found: list[Row]) -> list[Row]:
    """The rows with what the flow keeps in those columns; a code of a body or a place as its name."""
    for name, own in kept.of(flow).items():
        if name in columns:
            values = {row.matter.id: (row.matter.detail or {}).get(name) for row in found}
            called = kept.names(session, own, {str(value) for value in values.values() if value})
            for row in found:
                row.beside[name] = called.get(str(values[row.matter.id]), values[row.matter.id])
    return found


def rows(session: Session, ids: list[int], columns: tuple[str, ...] = (), actor: Actor | None = None) -> list[Row]:
    """The matters with these ids, in this order, with their names and those of ``columns`` that stand beside them.

    Their texts are as ``actor``, where one is named, may read them.
    """
    above, more = aliased(Area), [name for name in columns if name in beside.COLUMNS]
    query = (
        sql_select(Matter, Area, above.name, Organisation.name, *(beside.COLUMNS[name]() for name in more))  # type: ignore[call-overload]
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(above, col(above.id) == Area.parent_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(col(Matter.id).in_(ids))
        .options(areas.WITHOUT_OUTLINES)
    )
    at = clock.now()
    found = {
        matter.id: Row(
            reader_texts.shown(actor, matter) if actor else matter,
            _where(area, parent),
            unit or "",
            deadlines.standing(matter, at),
            area.path,
            dict(zip(more, extra, strict=True)),
        )
        for matter, area, parent, unit, *extra in session.execute(query)
    }
    return [found[one] for one in ids if one in found]


def _where(area: Area, parent: str | None) -> str:
    # "Building 7" alone could be in any estate.
    return f"{parent} {area.name}" if area.level == "building" and parent else area.name
