import streamlit as st

from services.meetings import meetings
from services.system import db
from ui.frame import matter_in_address, session
from ui.frame.links import page_link
from ui.frame.text import _
from ui.matter import line_view, matter_page, steps
from ui.meeting import procedure, recorder

actor = session.require("page.meeting")

with db.reading() as data:
    topic = matter_in_address.matter(data, actor)
    if not meetings.state_of(topic.flow):
        st.info(_("{number} is not a topic of deliberation.", number=topic.number))
        page_link("matter", _("Open the matter"), no=topic.number)
        st.stop()
    meeting, running = meetings.current(data, topic), meetings.running(topic)
    recorder.head(data, topic, meeting)
    if not running:
        steps.show(data, actor, topic)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        if meeting is None:
            st.info(_("No meeting has been called yet. Give notice of one first."), icon=":material/event:")
        elif meeting.ended_at is None and not running:
            st.info(_("The meeting has not begun. Open it, and record it here while it runs."), icon=":material/event:")
        else:
            recorder.show(data, actor, topic, meeting)
        if running:
            steps.show(data, actor, topic)
        matter_page.draw("meeting", data, actor, topic)
    with right:
        if meeting is not None:
            with st.container(border=True):
                st.markdown("##### " + _("Procedure check"))
                procedure.show(data, topic, meeting)
        with st.container(border=True):
            st.markdown("##### " + _("One line"))
            line_view.brief(data, actor, topic)
