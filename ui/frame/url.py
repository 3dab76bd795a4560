"""The address says what a page shows, by codes: Streamlit's own binding writes labels, which are translated."""

from collections.abc import Sequence

import streamlit as st

_SHOWN = "url-shown"


def show(page: str) -> None:
    """Write what this run is about into the address bar: a link from a page to itself leaves the old address there."""
    asked = page, {name: tuple(st.query_params.get_all(name)) for name in st.query_params}
    before, _ = st.session_state.get(_SHOWN, (None, {}))
    if before == page and st.session_state[_SHOWN] != asked:
        st.query_params.from_dict(asked[1])
    st.session_state[_SHOWN] = asked


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
