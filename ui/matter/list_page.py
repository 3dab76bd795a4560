"""The parts of a list's page that only one flow shows: what stands above its list, and how a matter is begun there."""

from collections.abc import Callable

from sqlmodel import Session

from services.places.areas import Scope
from services.rights.permissions import Actor

Above = Callable[[Session, Actor, Scope], None]
Begin = Callable[[], None]

_ABOVE: dict[str, list[Above]] = {}
_BEGIN: dict[str, Begin] = {}


def above(flow: str) -> Callable[[Above], Above]:
    """Draw the function above the list of a flow."""

    def register(function: Above) -> Above:
        _ABOVE.setdefault(flow, []).append(function)
        return function

    return register


def begin(flow: str) -> Callable[[Begin], Begin]:
    """Draw the function beside the heading of a flow's list, for those who may begin a matter of it."""

    def register(function: Begin) -> Begin:
        _BEGIN[flow] = function
        return function

    return register


def draw(session: Session, actor: Actor, flow: str, here: Scope) -> None:
    """What the flow shows above its list; most show nothing."""
    for function in _ABOVE.get(flow, []):
        function(session, actor, here)


def begins(flow: str) -> Begin | None:
    """The flow's own way to begin a matter on its list, if it has one."""
    return _BEGIN.get(flow)
