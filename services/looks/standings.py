"""Standings: how a matter stands to a step, so that many can be asked for it at once: before it, at it, or past it."""

from typing import Literal

from models.matter import Matter
from services.engine import flows
from services.engine.flows import Arrow

Standing = Literal["open", "not_yet", "no_longer"]


def to_step(matter: Matter, action: str) -> Standing:
    """Whether the step starts where the matter stands; if not, on which side, for states stand in their usual order."""
    if flows.arrow(matter.flow, matter.state, action) is not None:
        return "open"
    order = list(flows.states(matter.flow))
    sources = [order.index(source) for arrow in _called(matter.flow, action) for source in arrow.sources]
    here = order.index(matter.state) if matter.state in order else len(order)
    return "not_yet" if sources and here < min(sources) else "no_longer"


def _called(flow: str, action: str) -> list[Arrow]:
    return [arrow for arrow in flows.arrows(flow) if arrow.action == action]
