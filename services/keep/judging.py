"""Judging: whether the events of one matter obey the rows of their time, and whether the matter is as they left it."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from models.matter import Matter
from services.engine import event_names, moved, workflow
from services.engine.definition import Flow, State
from services.engine.versions import Kept
from services.keep.explained_gaps import IMPORTS
from services.words.i18n import listed

Wrong = tuple[str, int, str, dict[str, object]]

_NO_STATE = listed("This event leads to the state {state}, which the flow did not have at that time.")
_NO_ARROW = listed("The flow had no step {action} from {source} to {target} at that time.")
_OPEN = listed("Whether the matter is open was changed: it does not fit its state.")
_CLOSED = listed("The time of closing was changed: the events lead to another.")
_ON_TIME = listed("Whether the deadline was kept was changed: it does not fit the deadline and the time of closing.")


class Judge:
    """Follows the events of one matter, and keeps the first that its rows did not allow.

    What was written before versions were kept is judged by the oldest one, and given the benefit of the doubt where
    that doesn't know its state.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._wrong: Wrong | None = None
        self._told = cast(Matter, SimpleNamespace(state="", is_open=True, due_at=None, closed_at=None, on_time=None))
        self._state: State | None = None

    def follow(self, row: Any) -> None:
        """Judge the next event, and work out when it closed the matter and whether in time."""
        flow = self._flow(row)
        self._state = flow.states.get(row.to_state) if flow else None
        if self._wrong is None and self._kept.watched(row.flow, row.written):
            self._wrong = _misstep(flow, row)
        if row.action in IMPORTS or (row.action == moved.ACTION and row.data):
            self._hear(row.data or {})
        elif row.action == event_names.CORRECTED:
            self._told.on_time = ((row.data or {}).get("after") or {}).get("on_time", self._told.on_time)
        elif self._state and (row.action == moved.ACTION or row.from_state != row.to_state):
            self._told.due_at = row.due_at
            self._arrive(row, flow, self._state)

    def _flow(self, row: Any) -> Flow | None:
        try:
            return self._kept.of(row.flow, row.written, row.at)
        except KeyError:
            return None

    def _hear(self, told: dict[str, Any]) -> None:
        """An import says itself when something was closed and whether in time."""
        self._told.on_time = told.get("on_time")
        self._told.closed_at = datetime.fromisoformat(told["closed_at"]) if told.get("closed_at") else None
        self._told.is_open = self._state.is_open if self._state else self._told.closed_at is None

    def _arrive(self, row: Any, flow: Flow | None, target: State) -> None:
        source = flow.states.get(row.from_state) if flow else None
        if source is None and row.action != moved.ACTION:
            return
        was_open = source.is_open if source and row.action != moved.ACTION else self._told.is_open
        workflow.settle(self._told, was_open, target, row.at)

    def problem(self, last: Any) -> Wrong | None:
        """One problem at most: what was changed first, the rest follows from it."""
        told, state = self._told, self._state or self._kept.state(last.flow, last.state)
        if self._wrong:
            return self._wrong
        if state is None or state.is_open != last.is_open:
            return "clock", last.seq, _OPEN, {}
        if told.closed_at != last.closed_at:
            return "clock", last.seq, _CLOSED, {}
        return ("clock", last.seq, _ON_TIME, {}) if told.on_time != last.on_time else None


def _misstep(flow: Flow | None, row: Any) -> Wrong | None:
    """What the rows of its time have against an event."""
    if flow is None or row.to_state not in flow.states:
        return "state", row.seq, _NO_STATE, {"state": row.to_state}
    arrow = flow.arrow(row.from_state or "", row.action)
    stays = row.from_state in (None, row.to_state)
    free = row.action in (*IMPORTS, moved.ACTION) or (row.action in event_names.recorded() and stays)
    if free or (arrow and (arrow.target == "<" or arrow.arrives(row.from_state) == row.to_state)):
        return None
    told = {"action": row.action, "source": row.from_state or "-", "target": row.to_state}
    return "arrow", row.seq, _NO_ARROW, told
