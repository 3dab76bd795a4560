"""The way to begin a matter of a flow: to the page its flow.toml names, or to the form that serves all flows."""

from collections.abc import Iterable

from services.engine import flows
from services.engine.flows import BIRTH
from services.rights.permissions import Actor, may
from ui.frame import flows_here
from ui.frame.links import page_link
from ui.frame.text import _, md

_FORM = "begin"


def by_hand(actor: Actor, path: str, runs: Iterable[str]) -> list[str]:
    """Those flows of ``runs`` of which this actor may begin a matter at ``path`` that grows from no other."""
    return [flow for flow in runs if may(actor, f"{flow}.{BIRTH}", path) and _told(flow, "area", "origin") != "origin"]


def on_a_spot(flow: str) -> bool:
    """Whether a matter of the flow belongs where somebody points at the map."""
    return _told(flow, "area", "origin") in ("point", "chosen")


def _told(flow: str, name: str, otherwise: str) -> str:
    return str(flows.flow(flow).part("begin").get(name, otherwise))


def link(flow: str, label: str = "", icon: str = ":material/add_circle:", **params: str) -> None:
    """A link to where a matter of the flow is begun; ``params`` go along."""
    page = _told(flow, "page", _FORM)
    told = {"flow": flow, **params} if page == _FORM else params
    page_link(page, label or _("New: {flow}", flow=md(flows_here.name(flow))), icon, **told)
