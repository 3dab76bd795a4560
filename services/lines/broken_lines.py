"""Breaks: where a line is broken: a resolution without action, an overdue action, a notice left hanging."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.matter import Matter
from models.meeting import Meeting
from services.engine import versioned_cache
from services.flows.deliberation import meetings
from services.matters import matters
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.rules.rules import rule
from services.system import clock

# A decision was made, and what it promises is not yet carried out.
_PROMISED = ("resolved", "publicised", "executing")


@dataclass(frozen=True)
class Break:
    """Where a line is broken: at which stage, on which matter, and the sentence that says so."""

    stage: str
    number: str
    title: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


def on(session: Session, topic: Matter, items: list[Matter]) -> list[Break]:
    """The breaks on the line of one topic and its action items."""
    promised = [item for item in items if item.state != "cancelled"]
    meeting = meetings.current(session, topic)
    found = []
    if topic.state in _PROMISED and not promised and meeting and _forgotten(meeting.ended_at):
        found.append(_no_action(topic, meeting.ended_at))
    found += [_late_action(item) for item in promised if _late(item)]
    if topic.state == "publicised" and _late(topic):
        found.append(_hung(topic))
    return found


def _forgotten(decided: datetime | None) -> bool:
    return decided is not None and decided < rule("line.action_gap").before(clock.now())


def _late(matter: Matter) -> bool:
    return matter.is_open and matter.due_at is not None and matter.due_at < clock.now()


def _no_action(topic: Matter, decided: datetime | None) -> Break:
    days = (clock.now() - decided).days if decided else 0
    return Break(
        "acted", topic.number, topic.title, "Resolved {days} days ago, and still no action item.", {"days": days}
    )


def _late_action(item: Matter) -> Break:
    days = (clock.now() - item.due_at).days if item.due_at else 0
    return Break("acted", item.number, item.title, "This action item is {days} days overdue.", {"days": days})


def _hung(topic: Matter) -> Break:
    return Break("publicised", topic.number, topic.title, "The public notice ended, but nothing was carried out since.")


def breaks(session: Session, actor: Actor, path: str, limit: int = 20) -> list[Break]:
    """The broken lines at or below ``path``: resolutions without action, overdue actions, notices left hanging.

    At most a minute old.
    """
    return versioned_cache.kept(
        session, actor, ("breaks", path, limit), lambda: _broken(session, actor, path, limit), 60
    )


def _broken(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    return [*_promises_without_action(session, actor, path, limit), *_hanging(session, actor, path, limit)][:limit]


def _promises_without_action(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    item = aliased(Matter)
    promised = exists().where(
        col(item.parent_id) == Matter.id, col(item.flow) == "action", col(item.state) != "cancelled"
    )
    query = (
        select(Matter, Meeting.ended_at)
        .join(Meeting, col(Meeting.matter_id) == Matter.id)
        .where(*matters.conditions(session, actor, Filter(path=path, flow="deliberation", openness="open")))
        .where(col(Matter.state).in_(_PROMISED), ~promised)
        .where(col(Meeting.resolution) != "")
        .where(col(Meeting.ended_at) < rule("line.action_gap").before(clock.now()))
        .order_by(col(Meeting.ended_at))
        .limit(limit)
    )
    return [_no_action(topic, decided) for topic, decided in session.exec(query)]


def _hanging(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    late = Filter(path=path, flow="action", clock="overdue")
    items = [_late_action(row.matter) for row in matters.page(session, actor, late, limit)]
    hung = late.with_(flow="deliberation", state="publicised")
    return items + [_hung(row.matter) for row in matters.page(session, actor, hung, limit)]
