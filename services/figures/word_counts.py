"""Word counts: the words of data/indicators.csv as sums of the counts that the database keeps.

As conditions on rows the same words stand in ``services/matters/case_words.py``.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import col

from models.matter import bit
from models.matter_count import Counted
from services.engine import flows
from services.figures.kept_counts import Holds, Tally, n
from services.matters import case_conditions

# What is past its deadline changes by itself; it is counted when it is asked for.
AT_THIS_MOMENT = ("overdue", "overdue_told", "overdue_untold")
_FLAGS = ("dispatched", "answered", "contacted", "resolved", "satisfied", "basically")


def told(thing: str) -> Holds:
    """Whether the ledger of these matters records the thing."""
    return lambda table: col(table.unrecorded).bitwise_and(bit(thing)) == 0  # type: ignore[attr-defined]


def _untold(thing: str) -> Holds:
    return lambda table: ~told(thing)(table)


def _is_open(table: type[Counted]) -> ColumnElement[bool]:
    return col(table.is_open) == true()  # type: ignore[attr-defined]


def _in(flow: str, kind: str) -> Holds:
    return lambda table: col(table.state).in_(flows.states_of_kind(flow, kind))  # type: ignore[attr-defined]


def _done(flow: str) -> Holds:
    among = case_conditions.done_states(flow)
    return lambda table: and_(~_is_open(table), col(table.state).in_(among))  # type: ignore[attr-defined]


def _carried_out(flow: str) -> Holds:
    return lambda table: ~_is_open(table) & ~_in(flow, "dropped")(table)


def _ended(flow: str) -> Holds:
    return lambda table: _is_open(table) | _done(flow)(table)


def _timely(*timeliness: int) -> Holds:
    return lambda table: col(table.timeliness).in_(timeliness)  # type: ignore[attr-defined]


def _without(flag: str, *conditions: Holds) -> Tally:
    """Those for which the flag doesn't hold."""
    return lambda table: n(*conditions)(table) - n(*conditions, of=flag)(table)


def _flag(name: str) -> Callable[[str], Tally]:
    return lambda _flow: n(of=name)


_TALLIES: dict[str, Callable[[str], Tally]] = {
    "raised": lambda _flow: n(),
    "open": lambda _flow: n(_is_open),
    "done": lambda flow: n(_done(flow)),
    "ended": lambda flow: n(_done(flow), told("ending")),
    "standing": lambda _flow: n(_is_open, told("ending")),
    "ending_untold": lambda flow: n(_ended(flow), _untold("ending")),
    "held": lambda flow: n(_is_open, _in(flow, "paused"), told("hold")),
    "hold_told": lambda _flow: n(_is_open, told("hold")),
    "hold_untold": lambda _flow: n(_is_open, _untold("hold")),
    "undated": lambda _flow: _without("dated", _is_open),
    "undated_untold": lambda _flow: _without("dated", _is_open, _untold("deadline")),
    "dated_done": lambda flow: n(_done(flow), of="dated"),
    "undated_done_untold": lambda flow: _without("dated", _done(flow), _untold("deadline")),
    "timed": lambda flow: n(_carried_out(flow), _timely(0, 1)),
    "in_time": lambda flow: n(_carried_out(flow), _timely(1)),
    "timed_untold": lambda flow: n(_done(flow), _timely(-1), _untold("timeliness")),
    "reworked": lambda flow: n(_done(flow), told("rework"), of="reworked"),
    "rework_told": lambda flow: n(_done(flow), told("rework")),
    "rework_untold": lambda flow: n(_done(flow), _untold("rework")),
    "unreturned": lambda _flow: lambda table: col(table.dispatched) - col(table.returned),
    "dispatched_untold": lambda _flow: _without("dispatched", _untold("inside")),
    "classed": lambda _flow: n(told("recurrence"), of="classed"),
    "repeated": lambda _flow: n(told("recurrence"), of="repeated"),
    "recurrence_untold": lambda _flow: n(_untold("recurrence")),
    "answered_untold": lambda flow: _without("answered", _done(flow), _untold("follow_up")),
    "judged_untold": lambda flow: n(_done(flow), _untold("inside")),
    "duration_told": lambda flow: n(_done(flow), told("duration")),
    "duration_untold": lambda flow: n(_ended(flow), _untold("duration")),
    **{name: _flag(name) for name in _FLAGS},
}


def words() -> set[str]:
    """The words of data/indicators.csv by which a figure can be counted: kept ones, and what is overdue now."""
    return {*_TALLIES, *AT_THIS_MOMENT}


def tally(words: Iterable[str], flow: str) -> Tally:
    """The sum over the matters of a flow for which one of these words holds; there is at least one."""
    first, *others = (_TALLIES[word](flow) for word in words)
    return lambda table: sum((one(table) for one in others), first(table))
