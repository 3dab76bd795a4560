"""The timeline of a matter: what happened, who did it, and what was entered."""

from collections.abc import Callable
from html import escape

from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import event_names, events
from services.public import disclosure
from services.rights.permissions import Actor
from ui.frame import blocks
from ui.frame.text import _, moment, term
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
    """Newest first, as one block. ``names`` gives organisations, forums and venues their names by code."""
    hidden = _HIDDEN[matter.flow](session, matter) if matter.flow in _HIDDEN else set()
    told = disclosure.history(session, actor, matter.flow, events.history(session, matter.id))
    drawn = [_event(matter, event, hidden, names) for event in reversed(told)]
    blocks.draw(blocks.wrapped("ol", "".join(drawn), "mulin-events"))


def _event(matter: Matter, event: Event, hidden: set[tuple[str, str]], names: dict[str, str]) -> str:
    head = blocks.text("b", title(matter.flow, event)), escape(moment(event.at)), escape(event.actor or _("staff"))
    shown = {name: value for name, value in (event.data or {}).items() if (event.action, name) not in hidden}
    parts = (
        blocks.wrapped("p", " · ".join(head)),
        blocks.text("p", _moved(matter, event), "mulin-quiet"),
        blocks.text("p", event.note, "note"),
        blocks.text("p", entered_values.all_of(matter.flow, shown, names), "mulin-quiet"),
    )
    return blocks.wrapped("li", "".join(parts))


def _moved(matter: Matter, event: Event) -> str:
    if not event.from_state or not event.to_state or event.from_state == event.to_state:
        return ""
    return f"{_state(matter, event.from_state)} → {_state(matter, event.to_state)}"


def title(flow: str, event: Event) -> str:
    """What happened, in a word."""
    return term(*event_names.word(flow, event.action))


def _state(matter: Matter, code: str) -> str:
    return term(f"state.{matter.flow}", code)
