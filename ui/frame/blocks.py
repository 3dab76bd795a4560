"""Blocks: what a page draws as one piece of HTML instead of many elements. Words that go in are escaped here.

A link leads on inside the session, as Streamlit's own do: ``session.js`` goes to every ``data-go``.
"""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from services.rights.permissions import may
from ui.frame import menu
from ui.frame.session import actor


def draw(*parts: str, width: str = "stretch") -> None:
    """The parts as one element; nothing where all are empty."""
    if body := "".join(parts):
        st.html(body, width=width)  # type: ignore[arg-type]


def text(tag: str, said: object, kind: str = "") -> str:
    """Words in a tag, of a kind that the style sheet knows; nothing without words."""
    return wrapped(tag, escape(str(said)), kind) if said else ""


def wrapped(tag: str, inner: str, kind: str = "") -> str:
    """HTML in a tag."""
    of_kind = f' class="{kind}"' if kind else ""
    return f"<{tag}{of_kind}>{inner}</{tag}>"


def badge(said: str, colour: str) -> str:
    """A word on its colour; the colour never says what the word doesn't."""
    return text("span", said, f"mulin-badge {colour}")


def link(name: str, inner: str, kind: str = "", **params: str) -> str:
    """A link to a page round HTML; the HTML alone where this person may not go."""
    return _link(name, inner, kind, "on", params)


def link_here(name: str, inner: str, kind: str = "", **params: str) -> str:
    """The same for a link that changes what this page shows: Back leads to the page before it."""
    return _link(name, inner, kind, "here", params)


def _link(name: str, inner: str, kind: str, way: str, params: dict[str, str]) -> str:
    if not may(actor(), f"page.{menu.entry(name).name}"):
        return wrapped("span", inner, kind)
    at = f"/{menu.page(name).url_path}" + (f"?{urlencode(params)}" if params else "")
    return f'<a class="{kind}" href="{escape(at)}" data-go="{way}">{inner}</a>'


def listed(items: list[str], kind: str) -> str:
    """Items as a list; nothing where there are none."""
    return wrapped("ul", "".join(wrapped("li", item) for item in items), kind) if items else ""
