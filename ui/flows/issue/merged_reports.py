"""What became of a merged issue, and how many reports the one that stays stands for."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import events
from services.flows.issue import merges
from services.public import disclosure
from services.rights.matter_rights import readable
from services.rights.permissions import Actor
from ui.frame.links import matter_link
from ui.frame.text import _, day, md, term


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The way from a merged issue to the one that stays and its result, and back to everything merged into it."""
    if matter.state == "merged":
        _stays(session, actor, merges.staying(session, matter))
        return
    found = readable(session, actor, merges.absorbed(session, matter))
    if found:
        label = _("Reported {times} times: {merged} were merged into this one", times=len(found) + 1, merged=len(found))
        if not matter.is_open:
            label = _("{label}. Tell each who reported it.", label=label)
        with st.expander(label, icon=":material/merge:"):
            for one in found:
                matter_link(one, f"{one.number} {one.title} ({day(one.opened_at)})")


def _stays(session: Session, actor: Actor, stays: Matter) -> None:
    if stays.state == "merged" or not readable(session, actor, [stays]):
        return
    with st.container(border=True, gap="xsmall", key="stays"):
        st.caption(_("Merged. It goes on here:"))
        matter_link(stays, f"{stays.number} {stays.title}", icon=":material/merge:")
        st.markdown(f":blue-badge[{term(f'state.{stays.flow}', stays.state)}] {day(stays.closed_at)}")
        told = disclosure.history(session, actor, stays.flow, events.history(session, stays.id))
        result = next(
            (event.note for event in reversed(told) if event.note and event.action in ("finish", "conclude")), ""
        )
        visit = next((event.data for event in reversed(told) if event.action == "visit" and event.data), None)
        if result and not stays.is_open:
            st.caption(_("Result: {result}", result=md(result)))
        if visit and "outcome" in visit:
            st.caption(_("Follow-up: {outcome}", outcome=term("outcome", str(visit["outcome"]))))
