"""Many matters at once: one step offered to all that are selected, and what became of each."""

import streamlit as st
from sqlmodel import Session

from services.engine import workflow
from services.rights.permissions import Actor
from services.system.errors import Refused
from ui.frame import session as current
from ui.frame.links import matter_link
from ui.frame.text import _, md, refusal, term

_RESULTS, _ROUND = "bulk-results", "bulk-round"


def selection() -> int:
    """Which selection the table shows: a new one after every step taken for many."""
    return int(st.session_state.get(_ROUND, 0))


def bar(data: Session, actor: Actor, numbers: list[str]) -> None:
    """The steps that at least one selected matter offers, and the results of the last time."""
    _show_results()
    if not numbers:
        return
    loaded = [workflow.load(data, actor, number) for number in numbers]
    chosen = {matter.number: matter.version for matter in loaded}
    # Only a step that needs nothing entered can be the same for many.
    offered = {
        arrow.action: arrow
        for matter in loaded
        for arrow in workflow.open_arrows(data, actor, matter)
        if not arrow.needs
    }
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        st.markdown(_("**{count}** selected", count=len(numbers)))
        for action, arrow in offered.items():
            st.button(
                term(f"action.{arrow.flow}", action), key=f"bulk-{action}", on_click=_take_all, args=(action, chosen)
            )
        if len(loaded) == 1:
            matter_link(loaded[0], icon=":material/arrow_forward:")
        elif not offered:
            st.caption(_("No step can be taken for all of these at once. Open them one by one."))


def _take_all(action: str, chosen: dict[str, int]) -> None:
    results = [(number, *_take(number, action, version)) for number, version in chosen.items()]
    st.session_state[_RESULTS] = results
    # The table keeps its selection by position, and other rows now stand there.
    st.session_state[_ROUND] = selection() + 1


def _take(number: str, action: str, version: int) -> tuple[bool, str]:
    try:
        moved = current.attempt(workflow.move, number, action, version)
    except Refused as refused:
        return False, refusal(refused)
    return True, term(f"state.{moved.flow}", moved.state)


def _show_results() -> None:
    results = st.session_state.pop(_RESULTS, [])
    if not results:
        return
    done = sum(1 for _number, moved, _text in results if moved)
    with st.expander(_("{done} of {all} moved", done=done, all=len(results)), expanded=True):
        for number, moved, text in results:
            st.markdown(f"{'✓' if moved else '✗'} {md(number)} · {text}")
