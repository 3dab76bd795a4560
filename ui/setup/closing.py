"""Closing: a reason and a button, one click away from the form of a row."""

from typing import Any

import streamlit as st

from ui.frame.text import _
from ui.setup import drawn_rows
from ui.setup.field_inputs import Form


def button(form: Form, function: Any, *args: Any) -> None:
    """Close the row of a form with ``function(…, *args, seen, reason)``."""
    with st.popover(_("Close it"), icon=":material/block:"):
        st.caption(_("It is offered for nothing new; whatever names it stays as it is. It can be taken back."))
        st.text_input(_("Reason"), key=form.key_of("reason"), max_chars=200)
        st.button(_("Close it"), key=form.key_of("close"), on_click=_close, args=(form, function, *args))


def _close(form: Form, function: Any, *args: Any) -> None:
    reason = str(st.session_state.get(form.key_of("reason")) or "")
    if drawn_rows.save(form, function, *args, st.session_state[form.key_of("seen")], reason):
        st.session_state.pop(form.key_of("reason"), None)
