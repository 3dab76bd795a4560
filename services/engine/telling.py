"""Telling: what a flow's own room says on the one line and on the agenda, beside what its states say by themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.rights.permissions import Actor


@dataclass(frozen=True)
class Told:
    """What a matter tells at a station: when, in which words, with which fields, and a sentence.

    ``standing`` is given only where the state alone would say it wrongly.
    """

    at: datetime | None = None
    text: str = ""
    entered: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    params: dict[str, object] = field(default_factory=dict)
    standing: str = ""


@dataclass(frozen=True)
class Sitting:
    """What people come together for on a day: whose matter, when, where, whether it runs now, and its page."""

    matter: Matter
    at: datetime
    where: tuple[str, ...]
    running: bool
    page: str


Teller = Callable[[Session, Matter], Told | None]
Coming = Callable[[Session, Actor, str, datetime, datetime], list[Sitting]]

_TELLERS: dict[tuple[str, str], Teller] = {}
_COMING: list[Coming] = []


def told_by(flow: str, station: str) -> Callable[[Teller], Teller]:
    """Ask the function what a matter of the flow tells at a station it has come to."""

    def register(function: Teller) -> Teller:
        _TELLERS[flow, station] = function
        return function

    return register


def told(session: Session, matter: Matter, station: str) -> Told | None:
    """What a matter tells at a station; nothing where its flow says nothing of it."""
    teller = _TELLERS.get((matter.flow, station))
    return teller(session, matter) if teller else None


def coming(function: Coming) -> Coming:
    """Ask ``function(session, actor, path, first, last)`` what people come together for at or below ``path``."""
    _COMING.append(function)
    return function


def sittings(session: Session, actor: Actor, path: str, first: datetime, last: datetime) -> list[Sitting]:
    """What people come together for between two moments, and what is running, in the order of time."""
    found: Iterator[Sitting] = (one for ask in _COMING for one in ask(session, actor, path, first, last))
    return sorted(found, key=lambda one: (one.at, one.matter.id))
