"""Parts: what only one flow shows around its list, and the way to begin a matter of it."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from sqlmodel import Session

from services.places.areas import Scope
from services.rights.permissions import Actor
from ui.frame import begin_links
from ui.frame.text import _


def begin(actor: Actor, flow: str, here: Scope) -> None:
    """The way to a new matter of the flow, for those who may begin one."""
    if not begin_links.by_hand(actor, here.path, (flow,)):
        return
    own = _own(flow)
    if own and hasattr(own, "begin"):
        own.begin()
    else:
        begin_links.link(flow, _("New"), area=here.code)


def above(session: Session, actor: Actor, flow: str, here: Scope) -> None:
    """What the flow shows above its list, as ``above_list.py`` in its own room draws it; most show nothing."""
    if own := _own(flow):
        own.show(session, actor, here)


def _own(flow: str) -> ModuleType | None:
    name = f"ui.flows.{flow}"
    found = find_spec(name) and find_spec(f"{name}.above_list")
    return import_module(f"{name}.above_list") if found else None
