"""The timeline of a matter: what happened, who did it, and what was entered."""

from typing import Any

import streamlit as st

from models.event import Event
from models.matter import Matter
from services.vocabulary import codes
from ui.text import _, md, moment, term


def _listed(message: str) -> str:
    return message


# Events that are no arrow of a flow.
_RECORDED = {
    "create": _listed("Raised"),
    "note": _listed("Note"),
    "import": _listed("Imported"),
    "absorb": _listed("Took in"),
    "attendance": _listed("Attendance"),
    "expected": _listed("Expected"),
    "opinion": _listed("Opinion"),
    "option": _listed("Option"),
    "option_removed": _listed("Option removed"),
    "tally": _listed("Count"),
    "resolution": _listed("Resolution"),
    "action_item": _listed("Action item"),
    "action_step": _listed("Action item moved"),
    "objection": _listed("Objection"),
    "reply": _listed("Answer"),
}
# What an entered value is called, and the vocabulary its codes come from.
_ENTERED: dict[str, tuple[str, str]] = {
    "category": (_listed("Category"), "category"),
    "unit": (_listed("Unit"), ""),
    "due": (_listed("Due"), "moment"),
    "starts_at": (_listed("Starts"), "moment"),
    "venue": (_listed("Venue"), ""),
    "forum": (_listed("Forum"), ""),
    "grade": (_listed("Grade"), "grade"),
    "outcome": (_listed("Outcome"), "outcome"),
    "number": (_listed("Number"), ""),
    "topic": (_listed("Topic"), ""),
    "resolution": (_listed("Resolution"), ""),
    "adopted": (_listed("Adopted"), ""),
    "parties": (_listed("Parties"), ""),
    "duplicate_of": (_listed("Merged into"), ""),
    "text": (_listed("Text"), ""),
    "title": (_listed("Title"), ""),
    "location": (_listed("Place"), ""),
    "starts_on": (_listed("First day"), ""),
    "ends_on": (_listed("Last day"), ""),
    "asked": (_listed("Asked"), ""),
    "aware": (_listed("Aware"), ""),
    "took_part": (_listed("Took part"), ""),
    "satisfied": (_listed("Satisfied"), ""),
    "expected": (_listed("Expected"), ""),
    "votes": (_listed("Votes"), ""),
    "counter": (_listed("Count"), ""),
    "reply": (_listed("Answer"), ""),
}


def show(matter: Matter, events: list[Event], names: dict[str, str]) -> None:
    """Newest first. ``names`` gives organisations, forums and venues their names by code."""
    for event in reversed(events):
        with st.container(gap="xsmall", key=f"event-{event.id}"):
            st.markdown(f"**{title(matter.flow, event)}** · {moment(event.at)} · {md(event.actor)}")
            if event.from_state and event.to_state and event.from_state != event.to_state:
                st.caption(f"{_state(matter, event.from_state)} → {_state(matter, event.to_state)}")
            if event.note:
                st.text(event.note)
            if event.data:
                st.caption(md(_entered(event.data, names)))


def title(flow: str, event: Event) -> str:
    """What happened, in a word."""
    if event.action in _RECORDED:
        return _(_RECORDED[event.action])
    return term(f"action.{flow}", event.action)


def _state(matter: Matter, code: str) -> str:
    return term(f"state.{matter.flow}", code)


def _entered(data: dict[str, Any], names: dict[str, str]) -> str:
    return " · ".join(_one(name, value, names) for name, value in data.items() if value not in (None, ""))


def _one(name: str, value: Any, names: dict[str, str]) -> str:
    label, kind = _ENTERED.get(name, ("", ""))
    said = _(label) if label else term("participant", name) if name in codes("participant") else name
    if isinstance(value, dict):
        return f"{said}: " + ", ".join(f"{key} {part}" for key, part in value.items())
    if kind == "moment":
        return f"{said}: {str(value)[:16].replace('T', ' ')}"
    return f"{said}: {term(kind, str(value)) if kind else names.get(str(value), value)}"
