"""Links between pages; each carries what it is about in its URL."""

import streamlit as st

from models.matter import Matter
from services.rights.permissions import may
from ui.frame import menu
from ui.frame.session import actor
from ui.frame.text import md


def matter_link(matter: Matter, label: str | None = None, icon: str | None = None) -> None:
    """A link to a matter's page, by its title."""
    page_link("matter", md(label or matter.title), icon, no=matter.number)


def page_link(name: str, label: str, icon: str | None = None, **params: str) -> None:
    """A link with query parameters; its words alone where this person may not go. ``label`` is Markdown.

    ``name`` is that of a page, or the address of a flow's list.
    """
    if may(actor(), f"page.{menu.entry(name).name}"):
        st.page_link(menu.page(name), label=label, icon=icon, query_params=params)
    else:
        st.markdown(label)
