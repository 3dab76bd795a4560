"""Clause turns: which act on a clause is in turn where a matter stands, and when the next clause is its deadline.

``[clauses]`` of ``flow.toml`` says both.
"""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from models.clause import Clause
from models.matter import Matter
from services.engine import deadlines, flows
from services.engine.deadlines import Turn
from services.engine.look_checks import CLAUSE_ACTS
from services.parts import part_turns
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from services.system import clock

_RIGHTS = {"write": "clause.write", "reword": "clause.write"}
_JUDGE = "clause.judge"
_MINUTE = timedelta(minutes=1)


def in_turn(matter: Matter, act: str) -> bool:
    """Whether ``act`` is done where the matter stands; a flow that says nothing about it leaves it open."""
    return part_turns.in_turn(matter, "clauses", act)


def judged(flow: str) -> bool:
    """Whether clauses of the flow are found kept or broken at all; those of a rule simply hold."""
    return any(flows.flow(flow).part("clauses").get(act, True) for act in ("fulfil", "break"))


def require(matter: Matter, act: str) -> None:
    """Refuse an act on a clause that is not done where the matter stands."""
    part_turns.require(matter, "clauses", act)


def acts(session: Session, actor: Actor, matter: Matter) -> list[str]:
    """What this reader may do about the clauses of a matter now."""
    return [
        act
        for act in CLAUSE_ACTS
        if in_turn(matter, act) and may_with(session, actor, _RIGHTS.get(act, _JUDGE), matter)
    ]


def keep_clock(session: Session, matter: Matter) -> None:
    """Let the matter be due with its next clause, where it stands in a state that goes by its clauses."""
    if matter.state in flows.flow(matter.flow).words("clauses", "clock"):
        session.flush()
        matter.due_at = next_day(session, matter)


@deadlines.source("clauses")
def next_clause(turn: Turn) -> datetime | None:
    """The day of the next clause, as the deadline an arrow sets."""
    return next_day(turn.session, turn.matter)


def next_day(session: Session, matter: Matter) -> datetime | None:
    """The last moment of the first day on which an open clause or the term is due; none where neither has a day."""
    open_ones = select(func.min(col(Clause.due))).where(Clause.matter_id == matter.id, Clause.state == "open")
    days = [day for day in (session.exec(open_ones).one(), _term(matter)) if day is not None]
    return clock.end_of(min(days)) - _MINUTE if days else None


def _term(matter: Matter) -> date | None:
    """The last day of the term, kept in the field that ``[clauses] term`` names."""
    kept = (matter.detail or {}).get(str(flows.flow(matter.flow).part("clauses").get("term", "")))
    return date.fromisoformat(kept) if kept else None
