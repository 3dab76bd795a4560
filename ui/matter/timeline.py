"""The timeline of a matter: what happened, who did it, and what was entered."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import event_names, events
from services.public import disclosure
from services.rights.permissions import Actor
from ui.frame.text import _, md, moment, term
from ui.matter import entered_values

# What must not be read yet of an event: pairs of its action and the name of a value.
Hidden = Callable[[Session, Matter], set[tuple[str, str]]]

_HIDDEN: dict[str, Hidden] = {}


def hides(flow: str) -> Callable[[Hidden], Hidden]:
    """Let the function say what the timeline of a flow's matters leaves out for the moment."""

    def register(function: Hidden) -> Hidden:
        _HIDDEN[flow] = function
        return function

    return register


def show(session: Session, actor: Actor, matter: Matter, names: dict[str, str]) -> None:
    """Newest first. ``names`` gives organisations, forums and venues their names by code."""
    hidden = _HIDDEN[matter.flow](session, matter) if matter.flow in _HIDDEN else set()
    for event in reversed(disclosure.history(session, actor, matter.flow, events.history(session, matter.id))):
        with st.container(gap="xsmall", key=f"event-{event.id}"):
            who = md(event.actor) if event.actor else _("staff")
            st.markdown(f"**{md(title(matter.flow, event))}** · {moment(event.at)} · {who}")
            if event.from_state and event.to_state and event.from_state != event.to_state:
                st.caption(f"{_state(matter, event.from_state)} → {_state(matter, event.to_state)}")
            if event.note:
                st.text(event.note)
            if event.data:
                shown = {name: value for name, value in event.data.items() if (event.action, name) not in hidden}
                st.caption(md(entered_values.all_of(matter.flow, shown, names)))


def title(flow: str, event: Event) -> str:
    """What happened, in a word."""
    return term(*event_names.word(flow, event.action))


def _state(matter: Matter, code: str) -> str:
    return md(term(f"state.{matter.flow}", code))
