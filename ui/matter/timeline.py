"""The timeline of a matter: what happened, who did it, and what was entered."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import events
from services.engine.event_names import RECORDED
from services.flows.deliberation import meetings
from services.public import disclosure
from services.rights.permissions import Actor
from services.words.i18n import listed
from services.words.vocabulary import codes
from ui.frame.text import _, md, moment, term

# What was asked when a matter was followed up, and the vocabulary of its answers; the outcome is of older records.
QUESTIONS: dict[str, tuple[str, str]] = {
    "contacted": (listed("Unit got in touch"), "answer"),
    "resolved": (listed("Solved"), "answer"),
    "satisfaction": (listed("Satisfied"), "satisfaction"),
    "outcome": (listed("Outcome"), "outcome"),
}
# What an entered value is called, and the vocabulary its codes come from.
_ENTERED: dict[str, tuple[str, str]] = {
    "row": (listed("Row in the file"), ""),
    "batch": (listed("Number of the import"), ""),
    "on_time": (listed("In time"), "timeliness"),
    "closed_at": (listed("Closed"), "moment"),
    "category": (listed("Category"), "category"),
    "unit": (listed("Unit"), ""),
    "due": (listed("Due"), "moment"),
    "due_asked": (listed("Deadline asked for"), "moment"),
    "hold_until": (listed("Expected end of the hold"), "moment"),
    "starts_at": (listed("Starts"), "moment"),
    "venue": (listed("Venue"), ""),
    "forum": (listed("Forum"), ""),
    "grade": (listed("Grade"), "grade"),
    **QUESTIONS,
    "hint": (listed("Note"), "hint"),
    "number": (listed("Number"), ""),
    "topic": (listed("Topic"), ""),
    "resolution": (listed("Resolution"), ""),
    "adopted": (listed("Adopted"), ""),
    "parties": (listed("Parties"), ""),
    "duplicate_of": (listed("Merged into"), ""),
    "was_due": (listed("Due before that"), "moment"),
    "text": (listed("Text"), ""),
    "title": (listed("Title"), ""),
    "location": (listed("Place"), ""),
    "starts_on": (listed("First day"), ""),
    "ends_on": (listed("Last day"), ""),
    "asked": (listed("Asked"), ""),
    "aware": (listed("Aware"), ""),
    "took_part": (listed("Took part"), ""),
    "satisfied": (listed("Satisfied"), ""),
    "expected": (listed("Expected"), ""),
    "votes": (listed("Votes"), ""),
    "counter": (listed("Count"), ""),
    "reply": (listed("Answer"), ""),
    "organisation": (listed("Organisation"), ""),
    "office": (listed("Office"), ""),
    "participant": (listed("Category of people"), "participant"),
    "respondent": (listed("Asked were"), "respondent"),
    "part": (listed("Part"), "part"),
    "attended": (listed("Attended"), "answer"),
    "rating_given": (listed("Their rating"), "satisfaction"),
    "rating_received": (listed("Our rating"), "satisfaction"),
    "reason": (listed("Reason"), ""),
    "clause": (listed("Clause"), ""),
    "wording": (listed("Wording"), ""),
    "evidence": (listed("Evidence"), ""),
    "cites": (listed("Rests on"), ""),
    "occasion": (listed("Occasion"), ""),
    "series": (listed("Series"), ""),
    "entry": (listed("Entry"), ""),
    "of": (listed("Of entry"), ""),
    "cny": (listed("Money (yuan)"), "fen"),
    "goods": (listed("Goods (worth in yuan)"), "fen"),
    "point": (listed("Points"), ""),
    "use": (listed("Use"), ""),
    "item": (listed("Item"), ""),
    "quantity": (listed("Quantity"), ""),
    "until": (listed("Until"), "moment"),
}


def show(session: Session, actor: Actor, matter: Matter, names: dict[str, str]) -> None:
    """Newest first. ``names`` gives organisations, forums and venues their names by code."""
    blind = _counting(session, matter)
    for event in reversed(disclosure.history(session, actor, events.history(session, matter.id))):
        with st.container(gap="xsmall", key=f"event-{event.id}"):
            who = md(event.actor) if event.actor else _("staff")
            st.markdown(f"**{title(matter.flow, event)}** · {moment(event.at)} · {who}")
            if event.from_state and event.to_state and event.from_state != event.to_state:
                st.caption(f"{_state(matter, event.from_state)} → {_state(matter, event.to_state)}")
            if event.note:
                st.text(event.note)
            if event.data:
                left_out = "votes" if blind and event.action == "tally" else ""
                shown = {name: value for name, value in event.data.items() if name != left_out}
                st.caption(md(_entered(shown, names)))


def _counting(session: Session, matter: Matter) -> bool:
    # Whoever counts second must not read the first count anywhere, whatever the role.
    meeting = meetings.current(session, matter)
    return meeting is not None and not meetings.counted(session, meeting)


def title(flow: str, event: Event) -> str:
    """What happened, in a word."""
    if event.action in RECORDED:
        return _(RECORDED[event.action])
    return term(f"action.{flow}", event.action)


def _state(matter: Matter, code: str) -> str:
    return term(f"state.{matter.flow}", code)


def _entered(data: dict[str, Any], names: dict[str, str]) -> str:
    return " · ".join(_one(name, value, names) for name, value in data.items() if value not in (None, ""))


def _one(name: str, value: Any, names: dict[str, str]) -> str:
    label, kind = _ENTERED.get(name, ("", ""))
    said = _(label) if label else term("participant", name) if name in codes("participant") else name
    if isinstance(value, dict):
        amount = _yuan if kind == "fen" else str
        return f"{said}: " + ", ".join(f"{names.get(key, key)} {amount(part)}" for key, part in value.items() if part)
    if isinstance(value, bool):
        return f"{said}: {term(kind or 'answer', 'yes' if value else 'no')}"
    if kind == "moment":
        return f"{said}: {str(value)[:16].replace('T', ' ')}"
    return f"{said}: {term(kind, str(value)) if kind else names.get(str(value), value)}"


def _yuan(fen: int) -> str:
    return f"{fen / 100:+,.2f}"
