"""Deadlines: when a matter is due after an arrow, and how its clock stands now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from models.matter import Matter
from models.meeting import Meeting
from services import clock
from services.categories import categories
from services.flows import Arrow, state
from services.rules import rule

Source = Callable[[Session, Matter, dict[str, Any], datetime], datetime | None]


def _category(_session: Session, matter: Matter, values: dict[str, Any], at: datetime) -> datetime | None:
    code = values.get("category") or matter.category
    return at + categories()[code].deadline if code in categories() else None


def _meeting(session: Session, matter: Matter, _values: dict[str, Any], _at: datetime) -> datetime | None:
    return session.exec(select(func.max(col(Meeting.starts_at))).where(Meeting.matter_id == matter.id)).one()


def _actions(session: Session, matter: Matter, _values: dict[str, Any], _at: datetime) -> datetime | None:
    open_items = select(func.max(col(Matter.due_at))).where(Matter.parent_id == matter.id, Matter.flow == "action")
    return session.exec(open_items).one()


_SOURCES: dict[str, Source] = {
    "none": lambda _session, _matter, _values, _at: None,
    "given": lambda _session, _matter, values, _at: values["due"],
    "publicity": lambda _session, _matter, values, _at: clock.end_of(values["ends_on"]),
    "category": _category,
    "meeting": _meeting,
    "actions": _actions,
}


def sources() -> set[str]:
    """The words an arrow may use for its deadline, besides ``rule:CODE`` and nothing (keep the old one)."""
    return set(_SOURCES)


def set_due(session: Session, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime) -> None:
    """Set ``matter.due_at`` as the arrow says."""
    if arrow.deadline.startswith("rule:"):
        matter.due_at = at + rule(arrow.deadline.removeprefix("rule:")).duration
    elif arrow.deadline:
        matter.due_at = _SOURCES[arrow.deadline](session, matter, values, at)


def soon() -> timedelta:
    """How long before its deadline a matter counts as due soon."""
    return rule("clock.due_soon").duration


def standing(matter: Matter, at: datetime | None = None) -> str:
    """The clock in a word of the vocabulary: overdue, due_soon, on_track, paused, none; on_time or late once closed."""
    if not matter.is_open:
        return "none" if matter.on_time is None else "on_time" if matter.on_time else "late"
    if state(matter.flow, matter.state).kind == "paused":
        return "paused"
    if matter.due_at is None:
        return "none"
    left = matter.due_at - (at or clock.now())
    return "overdue" if left < timedelta() else "due_soon" if left < soon() else "on_track"
