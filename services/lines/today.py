"""What needs me today: overdue, due soon, waiting for my role, meetings, and lines that are broken."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, tuple_
from sqlmodel import Session, col, select

from models.matter import Matter
from services.engine import flows, telling, versioned_cache
from services.engine.telling import Sitting
from services.lines import broken_lines as breaks
from services.lines.broken_lines import Break
from services.matters import matters
from services.matters.matters import Filter, Row
from services.rights.permissions import Actor, may
from services.system import clock

_CLOCKS = {"serious": "serious", "overdue": "overdue_only", "due_soon": "due_soon", "hold_over": "hold_over"}


@dataclass(frozen=True)
class Agenda:
    """The morning's work, each list capped; ``counts`` holds how many there are in all, up to CAP + 1.

    ``overdue`` are those that are not seriously so (``overdue_only``).
    """

    serious: list[Row]
    overdue: list[Row]
    due_soon: list[Row]
    holds: list[Row]
    waiting: list[Row]
    sittings: list[Sitting]
    breaks: list[Break]
    notices: list[Row]
    counts: dict[str, int]


def agenda(session: Session, actor: Actor, path: str, limit: int = 4) -> Agenda:
    """What needs ``actor`` at or below ``path``, most urgent first; at most a minute old."""
    question = ("agenda", actor.role, path, limit)
    return versioned_cache.kept(session, actor, question, lambda: _agenda(session, actor, path, limit), seconds=60)


def _agenda(session: Session, actor: Actor, path: str, limit: int) -> Agenda:
    asked = {
        code: [Filter(path=path, flow=flow, clock=standing) for flow in raised()] for code, standing in _CLOCKS.items()
    }
    counts = {code: _counted(session, actor, wanted) for code, wanted in asked.items()}
    counts["waiting"] = len(_waiting_ids(session, actor, path, matters.CAP + 1))
    return Agenda(
        _first(session, actor, asked["serious"], limit),
        _first(session, actor, asked["overdue"], limit),
        _first(session, actor, asked["due_soon"], limit),
        _first(session, actor, asked["hold_over"], limit) if _may_resume(actor, path) else [],
        waiting(session, actor, path, limit),
        sittings(session, actor, path),
        breaks.breaks(session, actor, path, limit),
        _first(session, actor, breaks.hanging(path), limit),
        counts,
    )


def raised() -> list[str]:
    """The flows in which something is raised; what grows from it is on the agenda by its turn and its breaks."""
    return [flow for flow in flows.flows() if flows.start_of(flow).station == "raised"]


def _counted(session: Session, actor: Actor, wanted: list[Filter]) -> int:
    return min(sum(matters.count(session, actor, one) for one in wanted), matters.CAP + 1)


def _first(session: Session, actor: Actor, wanted: list[Filter], limit: int) -> list[Row]:
    """The most urgent of all that the filters ask for."""
    if len(wanted) == 1:
        return matters.page(session, actor, wanted[0], limit)
    each = [row for one in wanted for row in matters.page(session, actor, one, limit)]
    return sorted(each, key=lambda row: (row.matter.due_at is None, row.matter.due_at))[:limit]


def _may_resume(actor: Actor, path: str) -> bool:
    arrows = (arrow for flow in flows.flows() for arrow in flows.arrows(flow) if arrow.deadline == "resume")
    return any(may(actor, arrow.act, path) for arrow in arrows)


def turn(mine: list[tuple[str, str]]) -> ColumnElement[bool]:
    """That a matter stands in one of these states, each of its flow."""
    found, states = col(Matter.flow), col(Matter.state)
    # Named one by one as well: only then does the index of open matters take them.
    each = and_(found.in_({flow for flow, _ in mine}), states.in_({code for _, code in mine}))
    return and_(each, tuple_(found, states).in_(mine))


def _waiting_ids(session: Session, actor: Actor, path: str, limit: int) -> list[int]:
    mine = matters.conditions(session, actor, Filter(path=path, flow="", openness="open"))
    states = [(state.flow, state.code) for state in flows.waiting_for(actor.role) if state.is_open]
    query = select(Matter.id).where(*mine, turn(states)).order_by(*matters.SORTS["due"]()).limit(limit)
    return list(session.exec(query))


def waiting(session: Session, actor: Actor, path: str, limit: int) -> list[Row]:
    """The open matters, of any flow, in which it is this role's turn."""
    return matters.rows(session, _waiting_ids(session, actor, path, limit), actor=actor)


def sittings(session: Session, actor: Actor, path: str, days: int = 7) -> list[Sitting]:
    """The meetings called from today until ``days`` ahead, and those running; at most a minute old."""
    return versioned_cache.kept(
        session, actor, ("sittings", path, days), lambda: _sittings(session, actor, path, days), 60
    )


def _sittings(session: Session, actor: Actor, path: str, days: int) -> list[Sitting]:
    first = clock.start_of(clock.today())
    return telling.sittings(session, actor, path, first, first + timedelta(days=days))
