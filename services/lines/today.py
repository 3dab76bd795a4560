"""What needs me today: overdue, due soon, waiting for my role, meetings, and lines that are broken."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlmodel import Session, col, select

from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.place import Forum, Venue
from services.engine import flows, versioned_cache
from services.lines import broken_lines as breaks
from services.lines.broken_lines import Break
from services.matters import matters
from services.matters.matters import Filter, Row
from services.rights.permissions import Actor, may
from services.system import clock

_CLOCKS = ("serious", "overdue", "due_soon", "hold_over")


@dataclass(frozen=True)
class Sitting:
    """A meeting of today or the coming days."""

    matter: Matter
    meeting: Meeting
    forum: str
    venue: str


@dataclass(frozen=True)
class Agenda:
    """The morning's work, each list capped; ``counts`` holds how many there are in all, up to CAP + 1.

    ``overdue`` are those that are not seriously so.
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
    worst, late, soon, held = (Filter(path=path, flow="issue", clock=code) for code in _CLOCKS)
    hung = Filter(path=path, flow="deliberation", state="publicised")
    counts = {
        code: matters.count(session, actor, wanted)
        for code, wanted in zip(_CLOCKS, (worst, late, soon, held), strict=True)
    }
    counts |= {
        "overdue": counts["overdue"] if counts["overdue"] > matters.CAP else counts["overdue"] - counts["serious"],
        "waiting": len(_waiting_ids(session, actor, path, matters.CAP + 1)),
    }
    return Agenda(
        matters.page(session, actor, worst, limit),
        # The first of the overdue are the seriously overdue: both are in the order of their deadlines.
        matters.page(session, actor, late, limit, min(counts["serious"], matters.CAP)),
        matters.page(session, actor, soon, limit),
        matters.page(session, actor, held, limit) if may(actor, "issue.resume", path) else [],
        waiting(session, actor, path, limit),
        sittings(session, actor, path),
        breaks.breaks(session, actor, path, limit),
        matters.page(session, actor, hung, limit),
        counts,
    )


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
    return matters.rows(session, _waiting_ids(session, actor, path, limit))


def sittings(session: Session, actor: Actor, path: str, days: int = 7) -> list[Sitting]:
    """The meetings called from today until ``days`` ahead, and those running; at most a minute old."""
    return versioned_cache.kept(
        session, actor, ("sittings", path, days), lambda: _sittings(session, actor, path, days), 60
    )


def _sittings(session: Session, actor: Actor, path: str, days: int) -> list[Sitting]:
    first = clock.start_of(clock.today())
    query = (
        select(Matter, Meeting, Forum.name, Venue.name)
        .join(Meeting, col(Meeting.matter_id) == Matter.id)
        .join(Occasion, col(Occasion.id) == Meeting.occasion_id)
        .join(Forum, col(Forum.id) == Meeting.forum_id)
        .outerjoin(Venue, col(Venue.id) == Occasion.venue_id)
        .where(*matters.conditions(session, actor, Filter(path=path, flow="deliberation", openness="open")))
        .where(col(Matter.state).in_(["notified", "meeting"]), col(Meeting.ended_at).is_(None))
        .where(or_(col(Occasion.starts_at) >= first, col(Matter.state) == "meeting"))
        .where(col(Occasion.starts_at) < first + timedelta(days=days))
        .order_by(col(Occasion.starts_at))
        .limit(10)
    )
    return [Sitting(matter, meeting, forum, venue or "") for matter, meeting, forum, venue in session.exec(query)]
