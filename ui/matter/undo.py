"""Undo: for a few seconds the way back of a step that asked for nothing, where its flow has one; of many, for all."""

from datetime import timedelta

import streamlit as st

from services.engine import flows
from services.looks import board
from services.system import clock
from ui.frame import saving
from ui.frame.text import _, md, term

SECONDS = 10
_KEPT, _TAKEN = "undo", "undo-taken"


def remember(flow: str, action: str, moved: list[tuple[str, str]]) -> None:
    """In the callback of a step: keep the way back of what was moved, as pairs of its number and the state it left."""
    st.session_state.pop(_KEPT, None)
    ways = [(number, back) for number, source in moved if (back := _back(flow, source, action))]
    if ways:
        st.session_state[_KEPT] = (ways, (flow, action), clock.now() + timedelta(seconds=SECONDS))


def _back(flow: str, source: str, action: str) -> str:
    """The step that takes another back; nothing where none does, or where that one asked for something."""
    arrow = flows.arrow(flow, source, action)
    back = board.back(arrow, source) if arrow and not arrow.needs else None
    return back.action if back else ""


def show(number: str = "") -> None:
    """The button, while the seconds last; of one matter, or of whatever was moved."""
    kept = st.session_state.get(_KEPT)
    if kept and (not number or [number] == [moved for moved, _back in kept[0]]):
        st.fragment(_button, run_every=timedelta(seconds=SECONDS))(f"undo-{number or 'any'}")


def _button(key: str) -> None:
    if st.session_state.pop(_TAKEN, False):
        # A click inside a fragment draws that alone, and the whole page has another state now.
        st.rerun()
    ways, taken, until = st.session_state.get(_KEPT) or ([], ("", ""), clock.now())
    if clock.now() >= until:
        st.session_state.pop(_KEPT, None)
        return
    step = term(f"action.{taken[0]}", taken[1])
    label = _("Undo: {step} {number}", step=step, number=ways[0][0])
    if len(ways) > 1:
        label = _("Undo: {step}, all {count}", step=step, count=len(ways))
    st.button(md(label), icon=":material/undo:", on_click=_take_back, args=(ways,), key=key)


def _take_back(ways: list[tuple[str, str]]) -> None:
    st.session_state.pop(_KEPT, None)
    st.session_state[_TAKEN] = True
    for number, action in ways:
        # The version is the one the move itself has left.
        saving.move(number, action, saving.left(number), {"note": _("Taken back at once.")})
