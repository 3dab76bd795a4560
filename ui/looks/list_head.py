"""Around the list of a flow: the way to begin, the states with their counts, and the columns it shows."""

import streamlit as st
from sqlmodel import Session

from services.engine import flows
from services.looks import board
from services.matters import beside
from services.matters.matters import Filter
from services.places.areas import Scope
from services.rights.permissions import Actor, reads_all
from ui.desk.needs_me_today import capped
from ui.frame import begin_links, url
from ui.frame.text import _, term
from ui.matter import list_page


def begin(actor: Actor, flow: str, here: Scope) -> None:
    """The way to a new matter of the flow, for those who may begin one by hand."""
    if begin_links.by_hand(actor, here.path, (flow,)):
        own = list_page.begins(flow)
        own() if own else begin_links.link(flow, area=here.code)


def show(session: Session, actor: Actor, wanted: Filter) -> None:
    """The states with their counts; choosing one keeps it in the URL, where the filter finds it."""
    counts, states = board.by_state(session, actor, wanted), flows.states(wanted.flow)
    shown = [state.code for state in states.values() if state.is_open or counts.get(state.code)]
    st.pills(
        _("State"),
        shown,
        key=url.recall("state", shown),
        on_change=url.keep,
        args=("state",),
        label_visibility="collapsed",
        format_func=lambda code: f"{term(f'state.{wanted.flow}', code)} {capped(counts.get(code, 0))}",
    )


def columns(actor: Actor, wanted: Filter) -> tuple[str, ...]:
    """The columns of the flow's list that this reader may see, without those that would be empty in every row."""
    empty = {"closed"} if wanted.openness == "open" else set()
    hidden = empty | (set() if reads_all(actor) else set(beside.INSIDE))
    return tuple(name for name in flows.flow(wanted.flow).words("list", "columns") if name not in hidden)
