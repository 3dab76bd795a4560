"""Addresses of the calendar: what one asks for, read the same way by the page and by the file that leaves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.looks import days
from services.looks.days import Asked, Span
from services.matters import asking, list_addresses
from services.rights.permissions import Actor
from services.system import clock
from services.words.cleaning import clean


@dataclass(frozen=True)
class Wanted:
    """What the calendar shows: a month or a week around a day, of the flows and matters asked for."""

    view: str
    at: date
    span: Span
    asked: Asked


def read(params: Mapping[str, str], actor: Actor, path: str, runs: tuple[str, ...], usual: str = "month") -> Wanted:
    """What an address asks for; what it doesn't know is left out, and without a day it is today's."""
    view = params["view"] if params.get("view") in days.VIEWS else usual
    at = _day(params.get("at", ""))
    flow = params.get("flow") if params.get("flow") in runs else ""
    wanted = asking.within(actor, list_addresses.read(params, path, flow or "")).with_(openness="", sort="due")
    turn = actor.role if params.get("mine") else ""
    span = days.week(at) if view == "week" else days.month(at)
    return Wanted(view, at, span, Asked(wanted, (flow,) if flow else runs, turn))


def _day(value: str) -> date:
    try:
        found = clock.day_of(clean(value))
    except ValueError:
        return clock.today()
    # The weeks around the first and the last month must be days as well.
    return found if clock.FIRST_YEAR < found.year < clock.LAST_YEAR else clock.today()
