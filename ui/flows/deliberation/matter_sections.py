"""What the page of a topic shows besides: what was deliberated, and the public notice under the record."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.flows.deliberation import deliberations
from services.meetings import meetings
from services.rights.permissions import Actor
from ui.flows.deliberation import outcome, publicity
from ui.frame.text import _
from ui.matter import matter_page, timeline
from ui.meeting import recorder

matter_page.section("deliberation", "facts")(outcome.show)


@recorder.forum_of("deliberation")
def forum(session: Session, matter: Matter) -> str:
    """The forum that takes the topic."""
    return deliberations.detail(session, matter)[1].name


@matter_page.section("deliberation", "meeting")
def notice(session: Session, actor: Actor, matter: Matter) -> None:
    """The public notice under the record, from the day it hangs out."""
    if matter.state in ("publicised", "executing", "judging", "archived"):
        with st.container(border=True):
            st.markdown("##### " + _("Public notice"))
            publicity.show(session, actor, matter)


@timeline.hides("deliberation")
def first_count(session: Session, matter: Matter) -> set[tuple[str, str]]:
    """Whoever counts second must not read the first count anywhere, whatever the role."""
    found = meetings.current(session, matter)
    counting = found is not None and not meetings.counted(session, found)
    return {("tally", "votes")} if counting else set()
