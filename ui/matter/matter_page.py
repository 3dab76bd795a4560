"""The parts of a matter's page that only one flow shows: it says what it draws, and at which place of the page."""

from collections.abc import Callable
from typing import Literal

from sqlmodel import Session

from models.matter import Matter
from services.rights.permissions import Actor

Place = Literal["above", "steps", "facts", "meeting"]
Section = Callable[[Session, Actor, Matter], None]
Facts = Callable[[Session, Actor, Matter], list[tuple[str, str]]]

_SECTIONS: dict[tuple[str, str], list[Section]] = {}
_FACTS: dict[str, list[Facts]] = {}


def section(flow: str, place: Place) -> Callable[[Section], Section]:
    """Draw the function on the page of a flow's matters: above the steps, below the steps, below the facts;
    or on the page of its meeting."""

    def register(function: Section) -> Section:
        _SECTIONS.setdefault((flow, place), []).append(function)
        return function

    return register


def facts(flow: str) -> Callable[[Facts], Facts]:
    """Add what the function says, as pairs of label and text, to the facts of a flow's matters."""

    def register(function: Facts) -> Facts:
        _FACTS.setdefault(flow, []).append(function)
        return function

    return register


def draw(place: Place, session: Session, actor: Actor, matter: Matter) -> None:
    """What the matter's flow shows at this place."""
    for function in _SECTIONS.get((matter.flow, place), []):
        function(session, actor, matter)


def facts_of(session: Session, actor: Actor, matter: Matter) -> list[tuple[str, str]]:
    """What the matter's flow adds to the facts."""
    return [fact for function in _FACTS.get(matter.flow, []) for fact in function(session, actor, matter)]
