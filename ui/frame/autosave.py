"""Widgets that save as they change: they show what is stored, and keep what was typed when it could not be saved."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.frame.text import _


def _unsaved() -> dict[str, bool]:
    kept: dict[str, bool] = st.session_state.setdefault("unsaved", {})
    return kept


def sync(key: str, stored: Any) -> None:
    """Before the widget is drawn: put the stored value into it, unless it holds something that was refused."""
    # An equal value is not set again: that would overwrite what is being typed into the field at this moment.
    if key not in _unsaved() and (key not in st.session_state or st.session_state[key] != stored):
        st.session_state[key] = stored


def mark(keys: list[str], saved: bool) -> None:
    """In the callback: note whether what these widgets hold was kept."""
    for key in keys:
        _unsaved().pop(key, None)
        if not saved:
            _unsaved()[key] = True


def forget(keys: list[str]) -> None:
    """Callback: show what is stored again."""
    mark(keys, saved=True)


def unsaved(keys: list[str]) -> list[str]:
    """Those of the widgets that hold something that was not kept."""
    return [key for key in keys if key in _unsaved()]


def offer(keys: list[str], again: Callable[..., None], *args: Any) -> None:
    """Where something was not kept: say so, and offer to save it again or to drop it."""
    left = unsaved(keys)
    if not left:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(_("Not saved"), icon=":material/change_history:", color="orange")
        for at, key in enumerate(left):
            name = st.session_state.get(key)
            label = _("Save again") if len(left) == 1 else _("Save {value} again", value=str(name)[:12])
            st.button(label, key=f"again-{at}-{key}", on_click=again, args=(key, *args))
        st.button(_("Show what is on record"), key=f"drop-{keys[0]}", type="tertiary", on_click=forget, args=(left,))
