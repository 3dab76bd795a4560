"""Flows as data: what stands in data/flows, read once. Adding a flow costs a folder, not code."""

from functools import lru_cache

from services.engine import reading
from services.engine.definition import OPEN_KINDS, STATIONS, Arrow, Field, Flow, Guard, Link, Need, State
from services.system import flow_files
from services.words import vocabulary

__all__ = ["OPEN_KINDS", "STATIONS", "Arrow", "Field", "Flow", "Guard", "Link", "Need", "State"]


@lru_cache
def flow(code: str) -> Flow:
    """A flow by its code; KeyError where no folder is called so."""
    return reading.read(code)


@lru_cache
def flows() -> tuple[str, ...]:
    """Every flow that has a folder, in the order they are offered."""
    return tuple(flow_files.folders())


def first() -> str:
    """The flow that is meant where none is named."""
    return flows()[0]


def forget() -> None:
    """Read all folders again when they are next asked for."""
    flow_files.forget()
    vocabulary.forget()
    flow.cache_clear()
    flows.cache_clear()


def states(code: str) -> dict[str, State]:
    """The states of a flow by code, in the order of the main path."""
    return flow(code).states


def arrows(code: str) -> tuple[Arrow, ...]:
    """The arrows of a flow, in the order they are offered."""
    return flow(code).arrows


def start_of(code: str) -> State:
    """The one state a flow begins in."""
    return next(state for state in states(code).values() if state.kind == "start")


def state(code: str, at: str) -> State:
    """A state by code."""
    return states(code)[at]


def leaving(code: str, source: str) -> list[Arrow]:
    """The arrows that start from ``source``."""
    return [arrow for arrow in arrows(code) if source in arrow.sources]


def arrow(code: str, source: str, action: str) -> Arrow | None:
    """The arrow called ``action`` from ``source``, if there is one."""
    return next((found for found in leaving(code, source) if found.action == action), None)


def states_of_kind(code: str, *kinds: str) -> list[str]:
    """The codes of the states of these kinds."""
    return [found.code for found in states(code).values() if found.kind in kinds]


def states_at(code: str, *stations: str) -> list[str]:
    """The codes of the states at these stations of the one line."""
    return [found.code for found in states(code).values() if found.station in stations]


def waiting_for(role: str) -> list[State]:
    """The states, in every flow, in which it is this role's turn."""
    return [found for code in flows() for found in states(code).values() if found.waits_for == role]


def links(code: str) -> tuple[Link, ...]:
    """The ties that begin at a matter of this flow."""
    return flow(code).links
