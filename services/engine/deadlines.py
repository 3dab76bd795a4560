"""Deadlines: when a matter is due after an arrow, its clock stopped and started again, and how it stands now.

The clock of a matter starts when it is filed and runs by the limit of its category and unit. An approved hold stops
it: what is left is kept on the matter, and the deadline is made from it when the work goes on.

What is late already stays late: a hold or an extension approved then takes nothing back. The missed deadline stays
where it was; beside it stands until when there is time now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, func, select

from models.event import Event
from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.organisation import Organisation
from services.engine import events, flows, versions
from services.engine.flows import Arrow, State
from services.rules import time_limits, worktime
from services.rules.rules import rule
from services.rules.time_limits import Limit
from services.system import clock
from services.words import local_files
from services.words.local_files import Stamp

# Sixty years: what a column of whole numbers holds, whatever date somebody typed.
MOST_SECONDS = 2_000_000_000
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True)
class Turn:
    """An arrow being taken: whose matter, what was entered, when, and what happened before."""

    session: Session
    matter: Matter
    values: dict[str, Any]
    at: datetime
    history: Callable[[], Sequence[Event]]


Source = Callable[[Turn], datetime | None]


def _category(turn: Turn) -> datetime:
    code = turn.values.get("category") or turn.matter.category
    return time_limits.of(turn.session, turn.matter.area_id, code, None).after(turn.at)


def _unit(turn: Turn) -> datetime | None:
    """The unit's own limit, from the filing on; the deadline stays when neither this nor an earlier unit has one."""
    matter = turn.matter
    mine = time_limits.of(turn.session, matter.area_id, matter.category, turn.values["unit"])
    if not mine.unit and not _had_its_own(turn):
        return matter.due_at
    return _replayed(turn, mine)


def _since_filing(turn: Turn) -> tuple[datetime, list[tuple[Event, Arrow]]]:
    taken = [(event, versions.arrow(turn.session, turn.matter.flow, event)) for event in turn.history()]
    arrows = [(event, arrow) for event, arrow in taken if arrow]
    filings = [place for place, (_, arrow) in enumerate(arrows) if arrow.deadline == "category"]
    if not filings:
        return turn.matter.opened_at, arrows
    return arrows[filings[-1]][0].at, arrows[filings[-1] + 1 :]


def _had_its_own(turn: Turn) -> bool:
    session, area = turn.session, turn.matter.area_id
    if not time_limits.by_unit(session, area):
        return False
    codes = {(event.data or {})["unit"] for event, arrow in _since_filing(turn)[1] if arrow.deadline == "unit"}
    units = session.exec(select(Organisation).where(col(Organisation.code).in_(codes))).all() if codes else []
    return any(time_limits.of(session, area, turn.matter.category, unit).unit for unit in units)


def _replayed(turn: Turn, limit: Limit) -> datetime:
    """The deadline by ``limit`` as if it had applied since the filing: holds and extensions keep what they gave."""
    started, taken = _since_filing(turn)
    due, held = limit.after(started), started
    for event, arrow in taken:
        if arrow.deadline == "hold":
            held = event.at
        elif arrow.deadline == "resume":
            due = worktime.later(event.at, worktime.elapsed(held, due, limit.clock), limit.clock)
        elif arrow.deadline == "given":
            due = max(due, datetime.fromisoformat((event.data or {})["due"])) if event.at <= due else due
    return due


def _hold(turn: Turn) -> datetime | None:
    """Stop the clock: keep what is left of it, which is less than nothing for a matter that is late already.

    That one keeps the deadline it missed; the others have none while the clock stands still.
    """
    matter, due = turn.matter, turn.matter.due_at
    left = worktime.elapsed(turn.at, due, clock_of(turn.session, matter)) if due else None
    matter.time_left = None if left is None else max(-MOST_SECONDS, min(left, MOST_SECONDS))
    matter.hold_until = turn.values["hold_until"]
    return due if due and due < turn.at else None


def _resume(turn: Turn) -> datetime | None:
    """Let the clock run on with what was left; one that came here without any starts anew."""
    matter, left, missed = turn.matter, turn.matter.time_left, turn.matter.due_at
    matter.time_left = matter.hold_until = None
    limit = limit_of(turn.session, matter)
    due = limit.after(turn.at) if left is None else worktime.later(turn.at, left, limit.clock)
    # No working time may have gone by since a deadline missed on a Friday evening; it was missed all the same.
    return min(due, turn.at - _INSTANT) if missed and missed < turn.at else due


def carry(session: Session, matter: Matter, was: State, now: State, at: datetime) -> None:
    """Let the clock of a matter stop or run on where its flow was changed, so that it stands in another state."""
    turn = Turn(session, matter, {"hold_until": None}, at, lambda: events.history(session, matter.id))
    if now.kind == "paused" and was.kind != "paused":
        matter.due_at = _hold(turn)
    elif matter.time_left is not None and now.is_open and was.kind == "paused" != now.kind:
        matter.due_at = _resume(turn)


def _prolong(turn: Turn) -> datetime | None:
    turn.matter.hold_until = turn.values["hold_until"]
    return turn.matter.due_at


def _given(turn: Turn) -> datetime:
    """The deadline that was given; where the one before was missed already, that stays, and this is more time."""
    matter, given = turn.matter, turn.values["due"]
    missed = matter.due_at if matter.due_at and matter.due_at < turn.at else None
    matter.extended_to = given if missed else None
    return missed or given


def _meeting(turn: Turn) -> datetime | None:
    latest = select(func.max(col(Occasion.starts_at))).join(Meeting, col(Meeting.occasion_id) == Occasion.id)
    return turn.session.exec(latest.where(Meeting.matter_id == turn.matter.id)).one()


def _children(turn: Turn) -> datetime | None:
    """The last deadline of the matters that belong to this one."""
    return turn.session.exec(select(func.max(col(Matter.due_at))).where(Matter.parent_id == turn.matter.id)).one()


_SOURCES: dict[str, Source] = {
    "none": lambda _turn: None,
    "given": _given,
    "publicity": lambda turn: clock.end_of(turn.values["ends_on"]),
    "category": _category,
    "unit": _unit,
    "hold": _hold,
    "resume": _resume,
    "prolong": _prolong,
    "meeting": _meeting,
    "children": _children,
}


def source(name: str) -> Callable[[Source], Source]:
    """Let arrows say ``name`` for the deadline that the function gives: for parts that know a day of their own."""

    def register(function: Source) -> Source:
        _SOURCES[name] = function
        return function

    return register


# What leaves the time that was given to a late matter as it is; a hold brings a time of its own.
_KEEPING = ("", "given", "prolong", "unit")


def sources() -> set[str]:
    """The words an arrow may use for its deadline, besides ``rule:CODE`` and nothing (keep the old one)."""
    return set(_SOURCES)


def set_due(
    session: Session,
    matter: Matter,
    arrow: Arrow,
    values: dict[str, Any],
    at: datetime,
    history: Sequence[Event] | None = None,
) -> None:
    """Set ``matter.due_at`` as the arrow says. ``history`` is what happened so far, where it is not written yet."""
    if arrow.deadline not in _KEEPING:
        matter.extended_to = None
    if arrow.deadline.startswith("rule:"):
        matter.due_at = rule(arrow.deadline.removeprefix("rule:")).after(at)
    elif arrow.deadline:
        known = (lambda: history) if history is not None else (lambda: events.history(session, matter.id))
        matter.due_at = _SOURCES[arrow.deadline](Turn(session, matter, values, at, known))


def limit_of(session: Session, matter: Matter) -> Limit:
    """The limit that applies to a matter as it stands."""
    unit = session.get(Organisation, matter.unit_id) if matter.unit_id else None
    return time_limits.of(session, matter.area_id, matter.category, unit)


def clock_of(session: Session, matter: Matter) -> str:
    """Which of the four clocks a matter runs by."""
    return limit_of(session, matter).clock


@dataclass(frozen=True)
class Levels:
    """The moments that tell the levels apart: a deadline before ``serious`` is seriously overdue, before ``soon`` soon.

    They are counted once; each matter then costs one comparison, in Python and in SQL.
    """

    at: datetime
    serious: datetime
    soon: datetime


def levels(at: datetime | None = None) -> Levels:
    """The levels at a moment, now when none is given."""
    return _levels(at or clock.now(), local_files.stamp())


@lru_cache(maxsize=16)
def _levels(at: datetime, _stamp: Stamp) -> Levels:
    return Levels(at, rule("clock.serious").before(at), rule("clock.due_soon").after(at))


def standing(matter: Matter, at: datetime | None = None) -> str:
    """The clock in a word of the vocabulary.

    serious, overdue, due_soon, on_track, none; extended_late while the time lasts that was given to a late matter;
    paused, hold_over past the hold's expected end, held_late and held_late_over where it was late when it was held;
    on_time or late once closed.
    """
    if not matter.is_open:
        return "none" if matter.on_time is None else "on_time" if matter.on_time else "late"
    told = levels(at)
    if flows.state(matter.flow, matter.state).kind == "paused":
        over, late = bool(matter.hold_until and matter.hold_until < told.at), was_late(matter)
        return _HELD[late, over]
    if was_late(matter) and matter.extended_to and matter.extended_to >= told.at:
        return "extended_late"
    return _running(matter.due_at, told)


_HELD = {
    (False, False): "paused",
    (False, True): "hold_over",
    (True, False): "held_late",
    (True, True): "held_late_over",
}


def was_late(matter: Matter) -> bool:
    """Whether an open matter was late already when it was put on hold or given more time."""
    if flows.state(matter.flow, matter.state).kind == "paused":
        return matter.due_at is not None
    return matter.extended_to is not None


def _running(due: datetime | None, told: Levels) -> str:
    if due is None:
        return "none"
    if due < told.at:
        return "serious" if due < told.serious else "overdue"
    return "due_soon" if due < told.soon else "on_track"
