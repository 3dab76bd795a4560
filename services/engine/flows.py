"""Flows as data: states and arrows from data/flows, read once. Adding a flow costs rows, not code."""

from dataclasses import dataclass
from functools import lru_cache

from services.system.data_files import rows

OPEN_KINDS = {"start", "active", "paused"}


@dataclass(frozen=True)
class State:
    """A state; ``kind`` is start, active, paused, done or dropped, ``waits_for`` the role whose turn it is."""

    flow: str
    code: str
    kind: str
    waits_for: str

    @property
    def is_open(self) -> bool:
        """Whether a matter in this state still waits for somebody."""
        return self.kind in OPEN_KINDS


@dataclass(frozen=True)
class Arrow:
    """A permitted move; ``target`` "=" stays in the state it starts from, "<" goes back to the one before that.

    ``counts`` names the count it raises.
    """

    flow: str
    sources: tuple[str, ...]
    action: str
    target: str
    needs: tuple[str, ...]
    guards: tuple[str, ...]
    deadline: str
    tone: str
    counts: str

    @property
    def act(self) -> str:
        """The act in the permission table."""
        return f"{self.flow}.{self.action}"

    def arrives(self, source: str, before: str | None = None) -> str:
        """The state this arrow leads to from ``source``, which was reached from ``before``."""
        return {"=": source, "<": before or source}.get(self.target, self.target)


@lru_cache
def states(flow: str) -> dict[str, State]:
    """The states of a flow by code, in the order of the main path."""
    found = (State(row["flow"], row["state"], row["kind"], row["waits_for"]) for row in rows("flows/states.csv"))
    return {state.code: state for state in found if state.flow == flow}


@lru_cache
def arrows(flow: str) -> tuple[Arrow, ...]:
    """The arrows of a flow, in the order they are offered."""
    return tuple(_arrow(row) for row in rows("flows/arrows.csv") if row["flow"] == flow)


def _arrow(row: dict[str, str]) -> Arrow:
    return Arrow(
        row["flow"],
        tuple(row["from"].split()),
        row["action"],
        row["to"],
        tuple(row["needs"].split()),
        tuple(row["guards"].split()),
        row["deadline"],
        row["tone"],
        row["counts"],
    )


@lru_cache
def flows() -> tuple[str, ...]:
    """Every flow that has states."""
    return tuple(dict.fromkeys(row["flow"] for row in rows("flows/states.csv")))


def start_of(flow: str) -> State:
    """The one state a flow begins in."""
    return next(state for state in states(flow).values() if state.kind == "start")


def state(flow: str, code: str) -> State:
    """A state by code."""
    return states(flow)[code]


def leaving(flow: str, source: str) -> list[Arrow]:
    """The arrows that start from ``source``."""
    return [arrow for arrow in arrows(flow) if source in arrow.sources]


def arrow(flow: str, source: str, action: str) -> Arrow | None:
    """The arrow called ``action`` from ``source``, if there is one."""
    return next((found for found in leaving(flow, source) if found.action == action), None)


def states_of_kind(flow: str, *kinds: str) -> list[str]:
    """The codes of the states of these kinds."""
    return [found.code for found in states(flow).values() if found.kind in kinds]


def waiting_for(role: str) -> list[State]:
    """The states, in every flow, in which it is this role's turn."""
    return [found for flow in flows() for found in states(flow).values() if found.waits_for == role]
