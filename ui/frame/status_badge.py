"""How something stands to a rule, by shape, word and colour."""

from typing import Literal

import streamlit as st

from ui.frame.text import _

_ICONS = {
    "met": ":material/check_circle:",
    "unmet": ":material/cancel:",
    "advice": ":material/change_history:",
    "open": ":material/radio_button_unchecked:",
}
_COLOURS: dict[str, Literal["green", "red", "orange", "gray"]] = {
    "met": "green",
    "unmet": "red",
    "advice": "orange",
    "open": "gray",
}


def word(code: str) -> str:
    """The word for met, unmet, advice or open."""
    return {
        "met": _("Met"),
        "unmet": _("Not met"),
        "advice": _("Advice not followed"),
        "open": _("Pending"),
    }[code]


def badge(code: str) -> None:
    """Shape, word and colour of a standing."""
    st.badge(word(code), icon=_ICONS[code], color=_COLOURS[code])


def line(code: str, sentence: str) -> None:
    """A sentence led by the shape of its standing. ``sentence`` is Markdown."""
    st.markdown(f":{_COLOURS[code]}[{_ICONS[code]}] {sentence}")
