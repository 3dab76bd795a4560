"""What waits for a decision: each booking with its two buttons."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import workflow
from services.flows.booking import bookings
from services.rights.permissions import Actor
from services.system import clock
from ui.frame import saving
from ui.frame.links import matter_link
from ui.frame.text import _, md, term


def show(session: Session, actor: Actor, waiting: list[Matter]) -> None:
    """The bookings that wait in the area in view, first those that begin first."""
    st.subheader(_("Waiting for a decision"))
    if not waiting:
        st.info(_("No booking waits for a decision."), icon=":material/task_alt:")
    for matter in waiting:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            matter_link(matter, f"{matter.number} {matter.title}")
            st.markdown(md(_told(session, matter)))
            _buttons(session, actor, matter)


def _told(session: Session, matter: Matter) -> str:
    starts_at, ends_at = map(clock.local, bookings.span(matter))
    quantity = (matter.detail or {}).get("quantity")
    named = bookings.name_of(session, matter) + (f" × {quantity}" if quantity else "")
    return f"{named} · {starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M}"


def _buttons(session: Session, actor: Actor, matter: Matter) -> None:
    for arrow in workflow.open_arrows(session, actor, matter):
        key = f"{matter.number}-{arrow.action}"
        if all(need.optional for need in arrow.needs):
            st.button(
                md(term(f"action.{matter.flow}", arrow.action)),
                key=key,
                type="primary" if arrow.tone == "primary" else "secondary",
                on_click=_take,
                args=(matter.number, arrow.action, matter.version),
            )
        else:
            with st.popover(md(term(f"action.{matter.flow}", arrow.action))):
                st.text_input(_("Reason, in a sentence"), key=f"{key}-note", max_chars=300)
                st.button(_("Save"), key=key, on_click=_move, args=(key, matter.number, arrow.action, matter.version))


def _take(number: str, action: str, version: int) -> None:
    saving.move(number, action, version)


def _move(key: str, number: str, action: str, version: int) -> None:
    saving.move(number, action, version, {"note": st.session_state[f"{key}-note"]})
