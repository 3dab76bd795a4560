"""What a deliberation came to: the resolution, the public notice with its objections, the action items."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.flows.deliberation import publicities
from services.meetings import meetings
from services.public import disclosure
from services.rights import reader_texts
from services.rights.permissions import Actor
from ui.flows.deliberation import publicity
from ui.frame.text import _, moment
from ui.meeting import action_items


def show(session: Session, actor: Actor, topic: Matter) -> None:
    """The parts there are, in the order in which they came about."""
    meeting = meetings.current(session, topic)
    if meeting is None or not meeting.ended_at:
        return
    if not disclosure.may_read_decision(actor, topic):
        st.info(_("This is being decided again. The decision is shown once it is on public notice."))
        return
    with st.container(border=True, key="deliberated"):
        st.markdown("##### " + _("Resolution"))
        st.text(reader_texts.words(actor)(meeting.resolution))
        st.caption(moment(meeting.ended_at))
        if publicities.latest(session, topic) is not None:
            st.markdown("##### " + _("Public notice"))
            publicity.show(session, actor, topic)
        st.markdown("##### " + _("Action items"))
        action_items.show(session, actor, topic)
