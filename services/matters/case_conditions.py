"""Cases: which matters a figure counts, as a condition on their rows: what the list behind a figure shows.

The figures themselves are read from counts that the database keeps; tests hold the two against each other.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models.answer import FOLLOW_UP, REPORTER, UNKNOWN, Answer
from models.matter import Matter
from services.engine import flows
from services.system import clock

Condition = ColumnElement[bool]
PARTS = ("numerator", "denominator")


def is_open() -> Condition:
    """Not yet at an end; compared with a literal so that both databases use their index of open matters."""
    return col(Matter.is_open) == true()


def overdue(at: datetime) -> Condition:
    """Open and past its deadline."""
    return and_(is_open(), col(Matter.due_at) < at)


def stopped() -> Condition:
    """In a state in which the clock stands still; such a state is open."""
    states = ((flow, flows.states_of_kind(flow, "paused")) for flow in flows.flows())
    each = (and_(col(Matter.flow) == flow, col(Matter.state).in_(codes)) for flow, codes in states if codes)
    return or_(*each)


def paused() -> Condition:
    """Open, and the clock stands still."""
    return and_(is_open(), stopped())


def done_states(flow: str) -> list[str]:
    """The states in which a matter of the flow has been brought to its end, not merely dropped."""
    return [state.code for state in flows.states(flow).values() if state.kind == "done"]


def _all() -> Condition:
    return true()


def _overdue() -> Condition:
    return overdue(clock.now())


def _done() -> Condition:
    return and_(~is_open(), col(Matter.state).in_(done_states("issue")))


def _in_time() -> Condition:
    return and_(~is_open(), col(Matter.on_time).is_(True))


def _to_be_timed() -> Condition:
    return or_(and_(~is_open(), col(Matter.on_time).is_not(None)), _overdue())


def _reworked() -> Condition:
    return and_(_done(), col(Matter.reworks) > 0)


def _dispatched() -> Condition:
    return col(Matter.dispatches) > 0


def _kept() -> Condition:
    return and_(_dispatched(), col(Matter.returns) == 0)


def _classed() -> Condition:
    return col(Matter.category).is_not(None)


def _repeated() -> Condition:
    return and_(_classed(), col(Matter.repeats_id).is_not(None))


def _answered(question: str = "") -> Condition:
    """All three questions of the follow-up were answered; ``question``, when one is named, with yes."""
    given = [aliased(Answer) for _ in FOLLOW_UP]
    query = select(given[0].matter_id)
    for one, name in zip(given, FOLLOW_UP, strict=True):
        told = col(one.value) == "yes" if name == question else col(one.value) != UNKNOWN
        stands = and_(col(one.category) == REPORTER, col(one.question) == name, col(one.replaced) == 0, told)
        query = query.where(stands, col(one.matter_id) == given[0].matter_id)
    return col(Matter.id).in_(query)


def _lasted() -> Condition:
    return and_(_done(), col(Matter.closed_at) >= col(Matter.opened_at))


Cases = Callable[[], Condition] | None
# Code of the indicator: flow, numerator, denominator. A count has one condition only; weighted answers are no list.
_CASES: dict[str, tuple[str, Cases, Cases]] = {
    "open": ("issue", is_open, None),
    "overdue": ("issue", _overdue, None),
    "paused_share": ("issue", paused, is_open),
    "raised": ("issue", _all, None),
    "closed_rate": ("issue", _done, lambda: or_(_done(), _overdue())),
    "on_time_rate": ("issue", _in_time, _to_be_timed),
    "rework_rate": ("issue", _reworked, _done),
    "dispatch_accuracy": ("issue", _kept, _dispatched),
    "recurrence_rate": ("issue", _repeated, _classed),
    "contact_rate": ("issue", lambda: _answered("contacted"), _answered),
    "solved_rate": ("issue", lambda: _answered("resolved"), _answered),
    "satisfaction": ("issue", None, _answered),
    "three_rates": ("issue", None, _answered),
    "promise_rate": ("action", _in_time, _to_be_timed),
    "duration_median": ("issue", _lasted, lambda: or_(_lasted(), is_open())),
    "duration_p90": ("issue", _lasted, lambda: or_(_lasted(), is_open())),
}


def listable(code: str, part: str) -> bool:
    """Whether the rows behind this part of a figure can be listed."""
    return code in _CASES and _of(code, part) is not None


def _of(code: str, part: str) -> Cases:
    _flow, hits, whole = _CASES[code]
    return hits if part == "numerator" else whole


def known() -> list[str]:
    """Every list behind a figure, as ``code.part``."""
    return [f"{code}.{part}" for code in _CASES for part in PARTS if listable(code, part)]


def flow_of(code: str) -> str:
    """The flow whose matters the figure counts."""
    return _CASES[code][0]


def condition(figure: str) -> Condition:
    """The condition for ``code.part``, one of ``known``."""
    code, _, part = figure.partition(".")
    holds = _of(code, part)
    if holds is None:
        raise LookupError(f"No list can show what {figure} counts.")
    return holds()
