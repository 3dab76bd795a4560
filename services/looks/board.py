"""Board 看板: the matters of a flow in lanes, by state or by station of the one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, literal, union_all
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from models.matter import Matter
from services.engine import flows, versioned_cache, workflow
from services.engine.flows import Arrow
from services.matters import matters, sorting
from services.matters.matters import CAP, Filter, Row
from services.rights.permissions import Actor

LANES = ("state", "station")
# The closed lane of a board by station.
ENDS = ("done", "dropped")
_SECONDS = 60


@dataclass(frozen=True)
class Lane:
    """Where matters of a flow stand: its code, of the vocabulary ``kind``, and the states in it."""

    code: str
    kind: str
    states: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True)
class Card:
    """A matter as its lane shows it, with the arrows this reader may take from there."""

    row: Row
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Filled:
    """A lane with how many matters stand in it, counted up to CAP + 1, and the first of them."""

    lane: Lane
    count: int
    cards: tuple[Card, ...]


def lanes(flow: str, by: str) -> list[Lane]:
    """The lanes of a flow in the order of its main path, the closed ones last."""
    states = list(flows.states(flow).values())
    if by == "state":
        found = [Lane(one.code, f"state.{flow}", (one.code,), one.is_open) for one in states]
        return sorted(found, key=lambda lane: not lane.is_open)
    ongoing = [
        Lane(station, "station", tuple(one.code for one in states if one.is_open and one.station == station), True)
        for station in flows.STATIONS
    ]
    ended = [Lane(kind, "state_kind", tuple(flows.states_of_kind(flow, kind)), False) for kind in ENDS]
    return [lane for lane in (*ongoing, *ended) if lane.states]


def filled(
    session: Session, actor: Actor, wanted: Filter, by: str, most: int, unfolded: frozenset[str]
) -> list[Filled]:
    """Every lane with its count, the open ones and those ``unfolded`` with at most ``most`` matters each.

    At most a minute old.
    """
    question = ("board", wanted, by, most, unfolded)
    return versioned_cache.kept(
        session, actor, question, lambda: _filled(session, actor, wanted, by, most, unfolded), _SECONDS
    )


def _filled(
    session: Session, actor: Actor, wanted: Filter, by: str, most: int, unfolded: frozenset[str]
) -> list[Filled]:
    every = lanes(wanted.flow, by)
    counted = counts(session, actor, wanted, every)
    drawn = [lane for lane in every if counted[lane.code] and (lane.is_open or lane.code in unfolded)]
    first = _first(session, actor, wanted, drawn, most)
    return [
        Filled(lane, counted[lane.code], tuple(_card(session, actor, row) for row in first.get(lane.code, ())))
        for lane in every
    ]


def _card(session: Session, actor: Actor, row: Row) -> Card:
    return Card(row, tuple(workflow.open_arrows(session, actor, row.matter)))


def back(arrow: Arrow, source: str) -> Arrow | None:
    """The arrow that takes back at once what ``arrow`` did from ``source``: it checks nothing, and asks why at most."""
    target = arrow.arrives(source)
    leaving = (one for one in flows.leaving(arrow.flow, target) if target != source)
    returns = [one for one in leaving if one.arrives(target, source) == source and not one.guards]
    return next((one for one in returns if {need.name for need in one.needs} <= {"note"}), None)


def counts(session: Session, actor: Actor, wanted: Filter, every: Sequence[Lane]) -> dict[str, int]:
    """How many matters asked for stand in each lane, counted up to CAP + 1, in one query."""
    asked = matters.conditions(session, actor, wanted.with_(state="", openness=""))
    some = [
        sql_select(literal(lane.code).label("lane"), func.count().label("n")).select_from(
            sql_select(col(Matter.id)).where(*asked, _in(lane)).limit(CAP + 1).subquery()
        )
        for lane in every
    ]
    return {row.lane: row.n for row in session.execute(union_all(*some))} if some else {}


def by_state(session: Session, actor: Actor, wanted: Filter) -> dict[str, int]:
    """How many of the matters asked for are in each state, counted up to CAP + 1; at most a minute old."""
    question = ("by state", wanted.with_(state="", openness="", sort=""))
    every = lanes(wanted.flow, "state")
    return versioned_cache.kept(session, actor, question, lambda: counts(session, actor, wanted, every), _SECONDS)


def _in(lane: Lane) -> ColumnElement[bool]:
    stands = col(Matter.state).in_(lane.states)
    # Said as well where all of them are open: only then does the index of open matters take them.
    return and_(stands, matters.is_open()) if lane.is_open else stands


def _first(session: Session, actor: Actor, wanted: Filter, drawn: Sequence[Lane], most: int) -> dict[str, list[Row]]:
    asked = matters.conditions(session, actor, wanted.with_(state="", openness=""))
    some = []
    for lane in drawn:
        order = sorting.order(wanted.flow, wanted.sort if lane.is_open else "newest")
        first = sql_select(col(Matter.id).label("id")).where(*asked, _in(lane)).order_by(*order).limit(most).subquery()
        some.append(sql_select(literal(lane.code).label("lane"), first.c.id))
    found = [(row.lane, row.id) for row in session.execute(union_all(*some))] if some else []
    rows = {row.matter.id: row for row in matters.rows(session, [one for _, one in found], actor=actor)}
    return {lane.code: [rows[one] for at, one in found if at == lane.code and one in rows] for lane in drawn}
