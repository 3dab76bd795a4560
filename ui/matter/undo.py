"""Undo: for a few seconds the way back of a step that asked for nothing, where its flow has one."""

from datetime import timedelta

import streamlit as st

from services.engine import flows
from services.looks import board
from services.system import clock
from ui.frame import saving
from ui.frame.text import _, md, term

SECONDS = 10
_KEPT, _TAKEN = "undo", "undo-taken"


def remember(number: str, flow: str, source: str, action: str) -> None:
    """In the callback of a step that was taken from ``source``: keep the way back, if there is one."""
    st.session_state.pop(_KEPT, None)
    arrow = flows.arrow(flow, source, action)
    back = board.back(arrow, source) if arrow and not arrow.needs else None
    if back is not None:
        st.session_state[_KEPT] = (number, back.action, (flow, action), clock.now() + timedelta(seconds=SECONDS))


def show(number: str = "") -> None:
    """The button, while the seconds last; of one matter, or of whichever was moved."""
    kept = st.session_state.get(_KEPT)
    if kept and number in ("", kept[0]):
        st.fragment(_button, run_every=timedelta(seconds=SECONDS))(f"undo-{number or 'any'}")


def _button(key: str) -> None:
    if st.session_state.pop(_TAKEN, False):
        # A click inside a fragment draws that alone, and the whole page has another state now.
        st.rerun()
    number, action, taken, until = st.session_state.get(_KEPT) or ("", "", ("", ""), clock.now())
    if clock.now() >= until:
        st.session_state.pop(_KEPT, None)
        return
    label = _("Undo: {step} {number}", step=term(f"action.{taken[0]}", taken[1]), number=number)
    st.button(md(label), icon=":material/undo:", on_click=_take_back, args=(number, action), key=key)


def _take_back(number: str, action: str) -> None:
    st.session_state.pop(_KEPT, None)
    st.session_state[_TAKEN] = True
    # The version is the one the move itself has left.
    saving.move(number, action, saving.left(number), {"note": _("Taken back at once.")})
