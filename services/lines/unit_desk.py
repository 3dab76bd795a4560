"""Unit desk: what waits for one unit 单位, most urgent first, and what of its matters waits for somebody else."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, not_
from sqlmodel import Session, func, select

from models.matter import Matter
from services.engine import flows, versioned_cache
from services.engine.flows import State
from services.lines.today import turn
from services.matters import matters
from services.matters.matters import Filter, Row
from services.rights.permissions import Actor, scopes
from services.system import clock

KINDS = ("waiting", "overdue", "due_soon", "elsewhere")


@dataclass(frozen=True)
class Desk:
    """The unit's open matters: those it goes on with, and those that wait for others; ``counts`` by ``KINDS``."""

    waiting: list[Row]
    elsewhere: list[Row]
    counts: dict[str, int]


def desk(session: Session, actor: Actor, limit: int = 20) -> Desk:
    """What waits for the actor's unit and what does not, each at most ``limit``; at most a minute old."""
    return versioned_cache.kept(session, actor, ("unit desk", limit), lambda: _desk(session, actor, limit), 60)


def _desk(session: Session, actor: Actor, limit: int) -> Desk:
    mine = turn([(state.flow, state.code) for state in turns(actor)])
    kept = matters.conditions(session, actor, Filter(path=actor.area_path, flow="", openness="open"))

    def first(*which: ColumnElement[bool]) -> list[Row]:
        found = select(Matter.id).where(*kept, *which).order_by(*matters.SORTS["due"]())
        return matters.rows(session, list(session.exec(found.limit(limit))))

    at = clock.now()
    counted = (mine, mine & matters.overdue(at), mine & matters.due_soon(at), not_(mine))
    sums = select(*(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in counted)).where(*kept)
    return Desk(first(mine), first(not_(mine)), dict(zip(KINDS, map(int, session.execute(sums).one()), strict=True)))


def turns(actor: Actor) -> list[State]:
    """Where a unit goes on: the open states that wait for its clerk, or whose leading step the clerk may take."""
    known = (state for flow in flows.flows() for state in flows.states(flow).values())
    return [state for state in known if state.is_open and (state.waits_for == actor.role or _leads(actor, state))]


def _leads(actor: Actor, state: State) -> bool:
    ahead = (arrow for arrow in flows.leaving(state.flow, state.code) if arrow.tone == "primary")
    return any(scopes(actor, arrow.act) for arrow in ahead)
