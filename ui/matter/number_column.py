"""Numbers of matters in a table: each leads to its matter in the same tab."""

from typing import Any

import streamlit as st

from ui.frame import menu


def column(label: str, key: str, width: int | None = None) -> Any:
    """A column of numbers to press; ``follow`` with the same key, behind the table, goes where one was pressed."""
    return st.column_config.ButtonColumn(label, key=_key(key), type="tertiary", alignment="left", width=width)


def follow(key: str) -> None:
    """Go to the matter whose number was pressed, if one was."""
    if pressed := st.session_state.get(_key(key)):
        st.switch_page(menu.page("matter"), query_params={"no": pressed["label"]})


def _key(key: str) -> str:
    return f"{key}-number"
