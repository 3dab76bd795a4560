"""The way to begin a matter of a flow: to the page its flow.toml names, or to the form that serves all flows."""

from services.engine import flows
from services.engine.flows import BIRTH
from services.rights.permissions import Actor, may
from ui.frame import flows_here
from ui.frame.links import page_link
from ui.frame.text import _, md


def by_hand(actor: Actor, path: str) -> list[str]:
    """The flows of which this actor may begin a matter in an area that grows from no other."""
    return [flow for flow in flows.flows() if may(actor, f"{flow}.{BIRTH}", path) and _alone(flow)]


def _alone(flow: str) -> bool:
    begin = flows.flow(flow).part("begin")
    return bool(begin) and begin.get("area", "origin") != "origin"


def link(flow: str, **params: str) -> None:
    """A link to where a matter of the flow is begun; ``params`` go along."""
    page = str(flows.flow(flow).part("begin").get("page", "begin"))
    told = params if page != "begin" else {"flow": flow, **params}
    page_link(page, _("New: {flow}", flow=md(flows_here.name(flow))), icon=":material/add_circle:", **told)
