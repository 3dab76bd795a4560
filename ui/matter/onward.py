"""Where one goes on from a matter: to its meeting, and to the form of whatever may be begun where it stands."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import links
from services.meetings import meetings
from services.rights.permissions import Actor, may
from ui.frame import flows_here
from ui.frame.links import page_link
from ui.frame.text import _, md


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """A way for each flow that may be begun from here; nothing where there is none."""
    if meetings.state_of(matter.flow) and may(actor, "page.meeting"):
        page_link("meeting", _("Meeting record and public notice"), icon=":material/edit_note:", no=matter.number)
    found = dict.fromkeys(link.to for link in links.may_begin(session, actor, matter))
    if not found:
        return
    with st.container(horizontal=True, key=f"onward-{matter.number}"):
        for flow in found:
            said = _("Add: {flow}", flow=md(flows_here.name(flow)))
            told = {"flow": flow, "from": matter.number}
            page_link("begin", said, icon=":material/add_circle:", **told)
