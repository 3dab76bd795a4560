"""Words: with which the rows of data/indicators.csv say what they count, each as a condition on rows.

A word that ends in ``_told`` holds for matters whose ledger records the thing, in ``_untold`` for those whose doesn't.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import col

from models.answer import FOLLOW_UP, REPORTER, UNKNOWN, Answer
from models.matter import Matter, bit
from services.engine import flows
from services.matters.case_states import done_states, is_open, overdue
from services.system import clock

Condition = ColumnElement[bool]
Word = Callable[[str], Condition]


def told(thing: str) -> Condition:
    """Whether the ledger a matter came from records the thing; what began here does."""
    return col(Matter.unrecorded).bitwise_and(bit(thing)) == 0


def _done(flow: str) -> Condition:
    return and_(~is_open(), col(Matter.state).in_(done_states(flow)))


def _carried_out(flow: str) -> Condition:
    """Closed, and not because it was dropped: another ledger may say even of that whether it was in time."""
    return and_(~is_open(), col(Matter.state).not_in(flows.states_of_kind(flow, "dropped")))


def _ended(flow: str) -> Condition:
    return or_(is_open(), _done(flow))


def _paused(flow: str) -> Condition:
    return and_(is_open(), col(Matter.state).in_(flows.states_of_kind(flow, "paused")))


def _dated() -> Condition:
    """A deadline is known: it runs, stands still with the clock, or was met or missed."""
    return or_(*(column.is_not(None) for column in (col(Matter.due_at), col(Matter.on_time), col(Matter.time_left))))


def _late() -> Condition:
    return overdue(clock.now())


WORDS: dict[str, Word] = {
    "raised": lambda _flow: true(),
    "open": lambda _flow: is_open(),
    "done": _done,
    "ended": lambda flow: and_(_done(flow), told("ending")),
    "standing": lambda _flow: and_(is_open(), told("ending")),
    "ending_untold": lambda flow: and_(_ended(flow), ~told("ending")),
    "held": lambda flow: and_(_paused(flow), told("hold")),
    "hold_told": lambda _flow: and_(is_open(), told("hold")),
    "hold_untold": lambda _flow: and_(is_open(), ~told("hold")),
    "overdue": lambda _flow: _late(),
    "undated": lambda _flow: and_(is_open(), ~_dated()),
    "undated_untold": lambda _flow: and_(is_open(), ~_dated(), ~told("deadline")),
    "dated_done": lambda flow: and_(_done(flow), _dated()),
    "undated_done_untold": lambda flow: and_(_done(flow), ~_dated(), ~told("deadline")),
    "timed": lambda flow: and_(_carried_out(flow), col(Matter.on_time).is_not(None)),
    "in_time": lambda flow: and_(_carried_out(flow), col(Matter.on_time).is_(True)),
    "overdue_told": lambda _flow: and_(_late(), told("timeliness")),
    "overdue_untold": lambda _flow: and_(_late(), ~told("timeliness")),
    "timed_untold": lambda flow: and_(_done(flow), col(Matter.on_time).is_(None), ~told("timeliness")),
    "reworked": lambda flow: and_(_done(flow), told("rework"), col(Matter.reworks) > 0),
    "rework_told": lambda flow: and_(_done(flow), told("rework")),
    "rework_untold": lambda flow: and_(_done(flow), ~told("rework")),
    "dispatched": lambda _flow: col(Matter.dispatches) > 0,
    "unreturned": lambda _flow: and_(col(Matter.dispatches) > 0, col(Matter.returns) == 0),
    "dispatched_untold": lambda _flow: and_(col(Matter.dispatches) == 0, ~told("inside")),
    "classed": lambda _flow: and_(col(Matter.category).is_not(None), told("recurrence")),
    "repeated": lambda _flow: and_(
        col(Matter.category).is_not(None), told("recurrence"), col(Matter.repeats_id).is_not(None)
    ),
    "recurrence_untold": lambda _flow: ~told("recurrence"),
    "answered": lambda _flow: _answered(),
    "contacted": lambda _flow: _answered("contacted"),
    "resolved": lambda _flow: _answered("resolved"),
    "satisfied": lambda _flow: and_(_answered(), _stands("satisfaction", "satisfied")),
    "basically": lambda _flow: and_(_answered(), _stands("satisfaction", "basically")),
    "answered_untold": lambda flow: and_(_done(flow), ~told("follow_up"), ~_answered()),
    "judged_untold": lambda flow: and_(_done(flow), ~told("inside")),
    "lasted": lambda flow: and_(_done(flow), told("duration"), col(Matter.closed_at) >= col(Matter.opened_at)),
    "duration_told": lambda flow: and_(_done(flow), told("duration")),
    "waiting": lambda _flow: and_(is_open(), told("duration")),
    "duration_untold": lambda flow: and_(_ended(flow), ~told("duration")),
}


def _answered(question: str = "") -> Condition:
    """All three questions of the follow-up were answered; ``question``, when one is named, with yes."""
    return and_(*(_stands(name, "yes" if name == question else "") for name in FOLLOW_UP))


def _stands(question: str, word: str) -> Condition:
    """The answer to the question that stands is ``word``; any, but unknown, without one."""
    asked = (
        col(Answer.matter_id) == col(Matter.id),
        col(Answer.category) == REPORTER,
        col(Answer.question) == question,
    )
    told = col(Answer.value) == word if word else col(Answer.value) != UNKNOWN
    return exists().where(*asked, col(Answer.replaced) == 0, told)
