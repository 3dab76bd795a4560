"""List pages: where the list of a flow stands."""

from services.engine import flows


def address(flow: str) -> str:
    """The address of a flow's list, such as ``issues``: what ``[list] address`` says, or its code and an s."""
    return str(flows.flow(flow).part("list").get("address") or f"{flow}s")


def flow_at(address_: str) -> str:
    """The flow whose list stands at this address; nothing where none does."""
    return next((flow for flow in flows.flows() if address(flow) == address_), "")


def page(flow: str) -> tuple[str, dict[str, str]]:
    """The page that lists the matters of a flow, and what its address has to say beside the filter."""
    return address(flow), {}
