"""Links between pages; each carries what it is about in its URL."""

import streamlit as st

from models.matter import Matter
from ui.menu import path
from ui.text import md


def matter_link(matter: Matter, label: str | None = None, icon: str | None = None) -> None:
    """A link to a matter's page, by its title."""
    st.page_link(path("matter"), label=md(label or matter.title), query_params={"no": matter.number}, icon=icon)


def page_link(name: str, label: str, icon: str | None = None, **params: str) -> None:
    """A link to a page with query parameters. ``label`` is ours, not typed by anybody."""
    st.page_link(path(name), label=label, icon=icon, query_params=params)
