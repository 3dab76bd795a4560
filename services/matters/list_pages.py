"""List pages: where the list of a flow stands."""

from services.engine import flows
from services.rights import permissions


def page(flow: str) -> tuple[str, dict[str, str]]:
    """The page that lists the matters of a flow, and what its address has to say beside the filter."""
    own = f"{flow}s"
    if f"page.{own}" in permissions.acts():
        return own, {}
    return f"{flows.first()}s", {"flow": flow}
