"""Moved: what becomes of the matters that stand in a state which the rows of their flow no longer have.

``moved.csv`` in the flow's folder names for such a state the one that takes its matters. Where it says nothing of a
state in which open matters stand, the rows are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from models.matter import Matter
from models.matter_count import MatterCount
from services.engine import deadlines, events, flows, versions, workflow
from services.rights import audit
from services.rights.permissions import Actor
from services.system import clock, db, flow_files
from services.system.errors import Refused
from services.system.flow_files import of_book
from services.system.progress import Progress, silent
from services.words.i18n import listed

ACTION = "moved"
_BATCH = 1000
_NAMED = 5


@dataclass(frozen=True)
class Stranded:
    """Matters of a flow that stand where its rows leave them no way on; ``numbers`` are the first few of them."""

    flow: str
    state: str
    is_open: bool
    count: int
    numbers: tuple[str, ...]

    @property
    def to(self) -> str:
        """The state that takes them; nothing where ``moved.csv`` doesn't say."""
        return targets().get((self.flow, self.state), "")


@of_book
def targets() -> dict[tuple[str, str], str]:
    """For each flow and former state the state that takes its matters."""
    return {(row["flow"], row["state"]): row["to"] for row in flow_files.rows("moved.csv")}


def stranded(session: Session) -> list[Stranded]:
    """What stands in a state that is gone, and what is open in one that now ends a matter, by flow and state."""
    kind = (col(MatterCount.flow), col(MatterCount.state), col(MatterCount.is_open))
    counted = select(*kind, func.sum(MatterCount.n)).group_by(*kind).order_by(*kind)
    found = [row for row in session.exec(counted) if row[3] and _lost(row[0], row[1], row[2])]
    return [Stranded(*row[:3], int(row[3]), _numbers(session, *row[:3])) for row in found]


def _lost(flow: str, state: str, is_open: bool) -> bool:
    return not flows.has(flow, state) or (is_open and not flows.state(flow, state).is_open)


def _numbers(session: Session, flow: str, state: str, is_open: bool) -> tuple[str, ...]:
    first = _standing(flow, state, is_open).order_by(col(Matter.opened_at), col(Matter.id)).limit(_NAMED)
    return tuple(matter.number for matter in session.exec(first))


def _standing(flow: str, state: str, is_open: bool) -> Any:
    return select(Matter).where(Matter.flow == flow, Matter.state == state, col(Matter.is_open).is_(is_open))


_GONE = listed(
    "The flow {flow} no longer has the state {state}, in which {count} open matters stand: {numbers}. Name the state"
    " that takes them in a row {state},NEW of flows/{flow}/moved.csv, or put the state back."
)
_ENDED = listed(
    "In the flow {flow} the state {state} now ends a matter, but {count} open matters stand in it: {numbers}. Name the"
    " state that takes them in a row {state},NEW of flows/{flow}/moved.csv, or let the state be as it was."
)
_NO_FOLDER = listed(
    "The folder of the flow {flow} is gone, but {count} open matters stand in its state {state}: {numbers}. Put the"
    " folder back."
)


def refusals(session: Session) -> Iterator[Refused]:
    """A sentence for each state in which the rows would leave open matters without a way on."""
    for found in stranded(session):
        if found.is_open and not found.to:
            message = _ENDED if flows.has(found.flow, found.state) else _GONE
            more = "…" if found.count > len(found.numbers) else ""
            yield Refused(
                message if found.flow in flows.flows() else _NO_FOLDER,
                flow=found.flow,
                state=found.state,
                count=found.count,
                numbers=", ".join(found.numbers) + more,
            )


def refuse(session: Session) -> None:
    """Raise Refused where the rows would strand an open matter."""
    for refusal in refusals(session):
        raise refusal


def move_all(operator: str, progress: Progress = silent) -> int:
    """Bring all matters out of states that are gone, as ``moved.csv`` says; how many were moved.

    Each batch is a transaction of its own: what is interrupted goes on the next time, and two processes share the work.
    """
    done, total = 0, _waiting()
    while done < total:
        with db.writing() as session:
            moved = _batch(session, operator)
        if not moved:
            break
        done += moved
        progress("Moving the matters", min(done, total), total)
    return done


def _waiting() -> int:
    with db.reading() as session:
        return sum(found.count for found in stranded(session) if found.to)


def _batch(session: Session, operator: str) -> int:
    versions.lock(session)
    found = next((one for one in stranded(session) if one.to), None)
    if found is None:
        return 0
    query = _standing(found.flow, found.state, found.is_open).order_by(col(Matter.id)).limit(_BATCH)
    matters = list(session.exec(query.with_for_update()))
    actor = Actor(None, operator[:64], "admin")
    for matter in matters:
        _move(session, actor, matter, found.to)
    ends = {"first": matters[0].number, "last": matters[-1].number}
    told = {"from": found.state, "to": found.to, "count": len(matters), **ends}
    audit.write(session, operator, "flow.moved", found.flow, told)
    return len(matters)


def _move(session: Session, actor: Actor, matter: Matter, to: str) -> None:
    was, now, at = flows.state(matter.flow, matter.state), flows.state(matter.flow, to), clock.now()
    was_open = matter.is_open
    deadlines.carry(session, matter, was, now, at)
    events.append(session, matter, actor, ACTION, to_state=to, data=None if was_open else _ended(matter), at=at)
    workflow.settle(matter, was_open, now, at)


def _ended(matter: Matter) -> dict[str, Any] | None:
    """When a matter that was closed already was closed: the state it comes from may be known to nobody."""
    closed = clock.local(matter.closed_at).isoformat() if matter.closed_at else None
    return {"on_time": matter.on_time, "closed_at": closed}
