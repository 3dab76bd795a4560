"""Resolution 决议: the sentence a meeting adopts, saved as it is typed."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services.meetings import meetings
from ui.frame import autosave, saving
from ui.frame.text import _, md


def show(_session: Session, topic: Matter, meeting: Meeting, running: bool) -> None:
    """The sentence, to write while the meeting runs, to read afterwards."""
    if not running:
        if meeting.resolution:
            st.markdown(md(meeting.resolution))
        else:
            st.caption(_("No resolution was written."))
        return
    key = f"resolution-{meeting.id}"
    autosave.sync(key, meeting.resolution)
    st.text_area(
        _("Resolution, in a sentence"),
        key=key,
        max_chars=1000,
        height=84,
        placeholder=_("24 charging places are built on the east side of the north gate; the property company builds."),
        on_change=_save,
        args=(key, topic.number, topic.version),
    )
    autosave.offer([key], _save, topic.number, topic.version)


def _save(key: str, number: str, drawn: int) -> None:
    autosave.mark([key], saving.save(meetings.write_resolution, number, drawn, st.session_state[key]))
