"""A note on the timeline."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.flows.issue import issues
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from ui.frame import saving
from ui.frame.text import _


def form(session: Session, actor: Actor, matter: Matter) -> None:
    """Write a note without moving the matter."""
    if not may_with(session, actor, "matter.note", matter):
        return
    key = f"note-{matter.number}"
    with st.form(f"form-{key}", clear_on_submit=False, border=False):
        st.text_area(
            _("Note"),
            key=key,
            max_chars=2000,
            height=70,
            placeholder=_("What happened? No names, no telephone numbers."),
        )
        # A button of its own for each version: a second click that comes late still means the version it saw.
        st.form_submit_button(
            _("Add note"), key=f"add-{key}-{matter.version}", on_click=_add, args=(matter.number, matter.version, key)
        )


def _add(number: str, version: int, key: str) -> None:
    if saving.save(issues.note, number, version, st.session_state.get(key, "")):
        st.session_state[key] = ""
