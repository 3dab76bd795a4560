"""Opinions 意见: what is said, noted under the category of who says it."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services.meetings import meetings
from services.words import vocabulary
from ui.frame import saving
from ui.frame.text import _, md, term


def show(session: Session, topic: Matter, meeting: Meeting, running: bool) -> None:
    """One line to note an opinion, and those noted so far, newest first."""
    if running:
        _form(topic, meeting)
    found = meetings.opinions(session, meeting)
    if not found and not running:
        st.caption(_("No opinion was noted."))
    with st.container(gap="xsmall", height=150 if len(found) > 4 else "content"):
        for opinion in reversed(found):
            st.markdown(f":gray[{term('participant', opinion.category)}] {md(opinion.text)}")


def _form(topic: Matter, meeting: Meeting) -> None:
    key = f"opinion-{meeting.id}"
    with st.form(f"form-{key}", border=False):
        who, what = st.columns([1, 3], gap="xsmall", vertical_alignment="bottom")
        who.selectbox(
            _("Who speaks"),
            vocabulary.codes("participant"),
            key=f"{key}-category",
            format_func=lambda code: term("participant", code),
        )
        line = what.container(horizontal=True, vertical_alignment="bottom")
        line.text_input(_("What is said"), key=key, max_chars=500)
        line.form_submit_button(
            _("Note it"), on_click=_add, args=(key, topic.number, topic.version), key=f"{key}-add-{topic.version}"
        )


def _add(key: str, number: str, drawn: int) -> None:
    category, text = st.session_state[f"{key}-category"], st.session_state[key]
    if saving.save(meetings.add_opinion, number, drawn, category, text):
        st.session_state[key] = ""
