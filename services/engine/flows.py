"""Flows as data: what stands in data/flows, read once. Adding a flow costs a folder, not code.

What an earlier version of a flow had is still known by its code, so that whatever happened can be shown; it is never
offered.
"""

from services.engine import reading
from services.engine.definition import BIRTH, OPEN_KINDS, STATIONS, Arrow, Field, Flow, Guard, Link, Need, State
from services.system import flow_files
from services.system.flow_files import of_book
from services.words import former_rows

__all__ = ["BIRTH", "OPEN_KINDS", "STATIONS", "Arrow", "Field", "Flow", "Guard", "Link", "Need", "State"]


# The rows that were kept of each flow, and the flows they made.
_FORMER: dict[str, tuple[tuple[former_rows.Rows, ...], tuple[Flow, ...]]] = {}


@of_book
def _present(code: str) -> Flow:
    return reading.read(code)


def flow(code: str) -> Flow:
    """A flow by its code, as it last was where its folder is gone; KeyError where there never was one."""
    if code in flow_files.folders():
        return _present(code)
    if found := _former(code):
        return found[0]
    raise KeyError(code)


def _former(code: str) -> tuple[Flow, ...]:
    """Every version of a flow that was kept, newest first."""
    rows = former_rows.of(code)
    if rows and _FORMER.get(code, ((), ()))[0] is not rows:
        _FORMER[code] = rows, tuple(of_rows(code, one) for one in rows)
    return _FORMER[code][1] if rows else ()


def of_rows(code: str, rows: former_rows.Rows) -> Flow:
    """A flow by rows that were kept."""
    files = {name: tuple({**row, "flow": code, "row": "0"} for row in rows.get(name, ())) for name in reading.FILES}
    return reading.made(code, rows.get("head", {}), files)


def flows() -> tuple[str, ...]:
    """Every flow that has a folder, in the order they are offered."""
    return tuple(flow_files.folders())


def first() -> str:
    """The flow that is meant where none is named."""
    return flows()[0]


def marked(part: str, word: str) -> list[str]:
    """The flows whose ``flow.toml`` says ``word = true`` in its table ``part``."""
    return [code for code in flows() if flow(code).part(part).get(word) is True]


def forget() -> None:
    """Read all folders again when they are next asked for."""
    flow_files.forget()


def states(code: str) -> dict[str, State]:
    """The states of a flow by code, in the order of the main path."""
    return flow(code).states


def arrows(code: str) -> tuple[Arrow, ...]:
    """The arrows of a flow, in the order they are offered."""
    return flow(code).arrows


def start_of(code: str) -> State:
    """The one state a flow begins in."""
    return next(state for state in states(code).values() if state.kind == "start")


def birth(code: str) -> Arrow:
    """The arrow from nowhere: what it takes to begin a matter of a flow."""
    return flow(code).birth


def state(code: str, at: str) -> State:
    """A state by code; as it last was where the flow no longer has it."""
    return (states(code) if has(code, at) else _former_states(code)).get(at) or State(
        code, at, "active", "acted", "none", ""
    )


def has(code: str, at: str) -> bool:
    """Whether the rows of today have this state."""
    return code in flow_files.folders() and at in _present(code).states


def _former_states(code: str) -> dict[str, State]:
    return {state.code: state for found in reversed(_former(code)) for state in found.states.values()}


def leaving(code: str, source: str) -> list[Arrow]:
    """The arrows that start from ``source``."""
    return flow(code).leaving(source)


def arrow(code: str, source: str, action: str) -> Arrow | None:
    """The arrow called ``action`` from ``source``, if there is one."""
    return flow(code).arrow(source, action)


def states_of_kind(code: str, *kinds: str) -> list[str]:
    """The codes of the states of these kinds; at the end the former ones in which closed matters may still stand."""
    former = (found for found in _former_states(code).values() if not (found.is_open or has(code, found.code)))
    return [found.code for found in (*states(code).values(), *former) if found.kind in kinds]


def waiting(code: str) -> str:
    """The state of a matter of which nobody says where it stands: what ``[import]`` says, else the first active one."""
    return str(flow(code).part("import").get("state") or states_of_kind(code, "active")[0])


def states_at(code: str, *stations: str) -> list[str]:
    """The codes of the states at these stations of the one line."""
    return [found.code for found in states(code).values() if found.station in stations]


def waiting_for(role: str) -> list[State]:
    """The states, in every flow, in which it is this role's turn."""
    return [found for code in flows() for found in states(code).values() if found.waits_for == role]


def links(code: str) -> tuple[Link, ...]:
    """The ties that begin at a matter of this flow."""
    return flow(code).links
