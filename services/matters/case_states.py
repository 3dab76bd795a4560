"""States of a case as conditions on rows: open, overdue, standing still, brought to its end."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col

from models.matter import Matter
from services.engine import flows

Condition = ColumnElement[bool]


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
    return or_(false(), *each)


def paused() -> Condition:
    """Open, and the clock stands still."""
    return and_(is_open(), stopped())


def relieved(at: datetime) -> Condition:
    """On hold, or given time that lasts still: late as it may be, it gets no later meanwhile."""
    return or_(stopped(), and_(col(Matter.extended_to).is_not(None), col(Matter.extended_to) >= at))


def done_states(flow: str) -> list[str]:
    """The states in which a matter of the flow has been brought to its end, not merely dropped."""
    return flows.states_of_kind(flow, "done")
