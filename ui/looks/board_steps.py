"""Moves on the board: at once where they can be taken back, else in a window that asks for what the step needs."""

import streamlit as st

from services.engine import flows, workflow
from services.looks import board
from services.looks.board import Card
from services.system import db
from services.system.errors import Refused
from ui.frame import saving, session
from ui.frame.text import _, md, refusal, term
from ui.matter import steps, undo

_OPEN = "board-step"


def menu(card: Card) -> None:
    """The arrows of a card as one menu, reached and used by keyboard too; nothing where there is none."""
    matter, arrows = card.row.matter, {arrow.action: arrow for arrow in card.arrows}
    if not arrows:
        return
    key = f"move-{matter.number}-{matter.version}"
    st.menu_button(
        _("Move"),
        list(arrows),
        key=key,
        type="tertiary",
        icon=":material/arrow_forward:",
        help=_("Steps for {number}", number=matter.number),
        format_func=lambda code: f"{term(f'action.{matter.flow}', code)}{'…' if _asks(arrows, code) else ''}",
        on_click=_chosen,
        args=(key, matter.number, matter.flow, matter.state, matter.version),
    )


def _asks(arrows: dict[str, flows.Arrow], code: str) -> bool:
    return bool(code in arrows and arrows[code].needs)


def _chosen(key: str, number: str, flow: str, source: str, version: int) -> None:
    action = st.session_state.get(key)
    arrow = flows.arrow(flow, source, action) if action else None
    if arrow is None:
        return
    back = None if arrow.needs else board.back(arrow, source)
    if back is None:
        st.session_state[_OPEN] = (number, arrow.action, version)
        steps.choose(number, arrow.action if arrow.needs else None)
    elif saving.move(number, arrow.action, version):
        undo.remember(number, flow, source, arrow.action)


def window() -> None:
    """The window of the step that was chosen, while it is open."""
    asked = st.session_state.get(_OPEN)
    if asked:
        st.dialog(_("Next step"), width="medium", on_dismiss=_close)(_draw)(*asked)


def _take(number: str, flow: str, source: str, action: str, version: int) -> None:
    if saving.move(number, action, version):
        undo.remember(number, flow, source, action)


def _close() -> None:
    number, _action, _version = st.session_state.pop(_OPEN, ("", "", 0))
    steps.choose(number, None)


def _draw(number: str, action: str, version: int) -> None:
    with db.reading() as data:
        actor = session.actor()
        try:
            matter = workflow.load(data, actor, number)
        except Refused as refused:
            st.error(refusal(refused))
            return
        if matter.version != version:
            # The step was taken, or somebody else was faster: the board says which.
            _close()
            st.rerun()
        session.show_outcome()
        st.markdown(f"**{md(matter.title)}**  \n{number} · {term(f'state.{matter.flow}', matter.state)}")
        arrow = flows.arrow(matter.flow, matter.state, action)
        if arrow and not arrow.needs:
            _confirm(matter.flow, matter.state, number, action, arrow.arrives(matter.state), version)
        else:
            steps.show(data, actor, matter)


def _confirm(flow: str, source: str, number: str, action: str, target: str, version: int) -> None:
    st.markdown(_("It goes on to: {state}", state=term(f"state.{flow}", target)))
    st.button(
        term(f"action.{flow}", action),
        type="primary",
        key="board-confirm",
        on_click=_take,
        args=(number, flow, source, action, version),
    )
