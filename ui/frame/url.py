"""Choices kept in the URL by their code; Streamlit's own binding writes the label, which changes with the language."""

from collections.abc import Sequence

import streamlit as st


def recall(name: str, options: Sequence[str], default: str | None = None) -> str:
    """Before the widget is drawn: put what the URL asks for into it; returns the key for the widget."""
    key, asked = f"url-{name}", st.query_params.get(name)
    wanted = asked if asked in options else default
    if st.session_state.get(key) != wanted or key not in st.session_state:
        st.session_state[key] = wanted
    return key


def keep(name: str) -> None:
    """Callback of the widget: put what was chosen into the URL."""
    chosen = st.session_state.get(f"url-{name}")
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def forget(name: str) -> None:
    """Take a choice out of the URL; the widget follows when it is drawn."""
    st.query_params.pop(name, None)
    st.session_state.pop(name, None)
