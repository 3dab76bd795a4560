"""The flow a figure is about, kept in the URL."""

from collections.abc import Sequence

import streamlit as st

from services.engine import flows
from ui.frame import flows_here, url
from ui.frame.text import _


def asked(able: Sequence[str]) -> str:
    """The flow the URL asks for, of those that are able; else the first flow, else the first of them."""
    wanted = st.query_params.get("flow", flows.first())
    return wanted if wanted in able else flows.first() if flows.first() in able else able[0]


def choose(able: Sequence[str], width: int = 120, label: bool = True) -> str:
    """The flow chosen; where only one is able, there is nothing to choose."""
    if len(able) < 2:
        return able[0]
    names = {code: flows_here.name(code) for code in able}
    return st.selectbox(
        _("Flow"),
        able,
        key=url.recall("flow", able, asked(able)),
        on_change=url.keep,
        args=("flow",),
        format_func=lambda code: names.get(code, code),
        label_visibility="visible" if label else "collapsed",
        width=width,
    )
