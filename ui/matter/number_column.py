"""Columns to press in a table: a number leads to its matter, a count to the list behind it, in the same tab.

A column of links opens a new tab each time, whatever is asked of it.
"""

from typing import Any

import streamlit as st

from ui.frame import menu


def column(label: str, key: str, width: int | None = None, told: str | None = None) -> Any:
    """A column to press, with a sentence ``told`` at its heading; ``pressed`` with the same key says which row was."""
    return st.column_config.ButtonColumn(
        label, key=_key(key), type="tertiary", alignment="left", width=width, help=told
    )


def pressed(key: str) -> int | None:
    """Behind the table: the row in which the column was pressed, if it was."""
    found = st.session_state.get(_key(key))
    return int(found["row"]) if found else None


def follow(key: str) -> None:
    """Go to the matter whose number was pressed, if one was."""
    if found := st.session_state.get(_key(key)):
        st.switch_page(menu.page("matter"), query_params={"no": found["label"]})


def _key(key: str) -> str:
    return f"{key}-number"
