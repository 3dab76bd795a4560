"""Drawn rows: the version a form was drawn from is kept beside it, so that a change by somebody else is noticed."""

from typing import Any

import streamlit as st
from sqlmodel import SQLModel

from services.setup import changes
from services.setup.subjects import Field
from ui.frame import session
from ui.frame.text import _, md, term
from ui.setup.field_inputs import Form


def seen(form: Form, row: SQLModel) -> str:
    """The version of ``row`` when the form was first drawn; a new one once the form was left or saved."""
    key = form.key_of("seen")
    first = form.key_of(form.subject.name) not in st.session_state
    if first or key not in st.session_state:
        st.session_state[key] = changes.version(row)
    return str(st.session_state[key])


def compare(form: Form, row: Any) -> None:
    """What is there now, where it is no longer what the form was drawn from; the next save is held against that."""
    if st.session_state.get(form.key_of("refused")) and changes.version(row) != st.session_state[form.key_of("seen")]:
        st.session_state[form.key_of("seen")] = changes.version(row)
    if st.session_state.pop(form.key_of("refused"), False):
        st.info(_("Saved now: {values}", values=md(_told(form, row))), icon=":material/compare_arrows:")


def _told(form: Form, row: Any) -> str:
    fields = [field for field in form.asked() if hasattr(row, form.subject.column(field.code))]
    told = ((field, getattr(row, form.subject.column(field.code))) for field in fields)
    return " · ".join(f"{form.label(field)}: {_said(form, field, value)}" for field, value in told)


def _said(form: Form, field: Field, value: Any) -> str:
    if field.type == "word":
        return term(form.level or field.vocabulary, value) or "—"
    return "—" if value in (None, "") else str(value)


def save(form: Form, function: Any, *args: Any) -> bool:
    """Callback: carry out a change; what was typed stays where it was refused. Whether it was kept."""
    done = session.commit(function, *args)
    if done is None:
        st.session_state[form.key_of("refused")] = True
        return False
    form.clear()
    return True
