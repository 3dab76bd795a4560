"""Moves on the board: a card leads to a window with its steps, as the page of its matter offers them.

Which card's window is open stands in the URL.
"""

import streamlit as st

from services.engine import workflow
from services.looks.board import Card
from services.system import db
from services.system.errors import Refused
from services.words.cleaning import clean
from ui.frame import blocks, session
from ui.frame.text import _, md, refusal, term
from ui.matter import steps

_STEP, _DRAWN = "step", "board-step"


def way(card: Card) -> str:
    """The way to the steps of a card, as HTML; nothing where it has none."""
    if not card.arrows:
        return ""
    number = card.row.matter.number
    said = (
        blocks.text("span", _("Move"))
        + " "
        + blocks.text("span", _("Steps for {number}", number=number), "mulin-heard")
    )
    return blocks.link_here("board", said, "mulin-move", **{**dict(st.query_params), _STEP: number})


def window() -> None:
    """The window of the card that the URL names."""
    if number := clean(st.query_params.get(_STEP)):
        st.dialog(_("Next step"), width="medium", on_dismiss=_close)(_draw)(number)


def _close() -> None:
    number, _version = st.session_state.pop(_DRAWN, ("", 0))
    st.query_params.pop(_STEP, None)
    steps.choose(number, None)


def _draw(number: str) -> None:
    with db.reading() as data:
        actor = session.actor()
        try:
            matter = workflow.load(data, actor, number)
        except Refused as refused:
            st.error(refusal(refused))
            return
        if _moved(matter.number, matter.version):
            # The step was taken, or somebody else was faster: the board says which.
            _close()
            st.rerun()
        session.show_outcome()
        st.markdown(f"**{md(matter.title)}**  \n{number} · {term(f'state.{matter.flow}', matter.state)}")
        steps.show(data, actor, matter)


def _moved(number: str, version: int) -> bool:
    """Whether the matter went on since its window was opened."""
    drawn = st.session_state.get(_DRAWN, ("", 0))
    if drawn[0] == number:
        return bool(drawn[1] != version)
    st.session_state[_DRAWN] = number, version
    return False
