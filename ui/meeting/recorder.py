"""The recorder of a meeting: four numbered parts to fill in while it runs, and the check beside them."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from models.place import Forum, Venue
from services.meetings import meetings
from services.rights.permissions import Actor
from ui.frame.links import matter_link
from ui.frame.text import _, md, moment, term
from ui.meeting import action_items, attendance, ballot_options, opinions, resolution, results, tally

Named = Callable[[Session, Matter], str]
_FORUMS: dict[str, Named] = {}


def forum_of(flow: str) -> Callable[[Named], Named]:
    """Let the function name the forum of a flow's matter before a meeting is called."""

    def register(function: Named) -> Named:
        _FORUMS[flow] = function
        return function

    return register


def _forum(session: Session, topic: Matter, meeting: Meeting | None) -> str:
    forum = session.get(Forum, (meeting.forum_id if meeting else 0) or 0)
    named = _FORUMS.get(topic.flow)
    return forum.name if forum else named(session, topic) if named else ""


def head(session: Session, topic: Matter, meeting: Meeting | None) -> None:
    """The topic, its state, and the forum, time and venue of the meeting."""
    venue = session.get(Venue, (meeting.occasion.venue_id if meeting else 0) or 0)
    when = moment(meeting.occasion.starts_at) if meeting else ""
    st.title(md(topic.title))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        st.badge(term(f"state.{topic.flow}", topic.state), color="blue")
        st.caption(
            md(
                " · ".join(
                    filter(None, (topic.number, _forum(session, topic, meeting), when, venue.name if venue else ""))
                )
            )
        )
        if topic.sample:
            st.badge(_("Sample data"), color="gray")
        matter_link(topic, _("Open the matter"), icon=":material/description:")


def show(session: Session, actor: Actor, topic: Matter, meeting: Meeting) -> None:
    """The four parts. Once the meeting is over they can only be read, and action items added."""
    running = meetings.running(topic)
    with _part(1, _("Attendance")):
        attendance.show(session, topic, meeting, running)
    with _part(2, _("Opinions")):
        opinions.show(session, topic, meeting, running)
    with _part(3, _("Options and vote")):
        _vote(session, actor, topic, meeting, running)
    with _part(4, _("Resolution and action items")):
        resolution.show(session, topic, meeting, running)
        action_items.show(session, actor, topic)


def _part(number: int, title: str) -> st.delta_generator.DeltaGenerator:
    box = st.container(border=True, gap="small", key=f"part-{number}")
    box.markdown(f"##### {number} {title}")
    return box


def _vote(session: Session, actor: Actor, topic: Matter, meeting: Meeting, running: bool) -> None:
    if not meeting.voting:
        st.caption(_("This forum deliberates without a vote."))
        return
    found = meetings.options(session, meeting)
    if running:
        ballot_options.form(topic, meeting, found)
        results.differences(session, meeting)
        if found:
            tally.show(session, actor, topic, meeting, found)
    results.show(session, meeting)
