"""Field inputs: a widget for each field of a subject, and what was typed into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from services.setup.subjects import Field, Subject, codes
from ui.frame import text
from ui.frame.text import _, term

_LONG = 120


@dataclass(frozen=True)
class Form:
    """One drawing of a form: what it is about, and the key its widgets begin with."""

    subject: Subject
    key: str
    units: Mapping[str, str]
    level: str = ""

    def asked(self) -> list[Field]:
        """The fields that have anything to choose or to type."""
        fields = self.subject.fields.values()
        return [field for field in fields if field.type != "word" or codes(field, self.level)]

    def label(self, field: Field) -> str:
        """What a field is called; an area of any level has a kind, and a file asks for that of estates."""
        return _("Kind") if self.level and field.type == "word" else field.label(text.language())

    def key_of(self, name: str) -> str:
        """The key of a widget."""
        return f"{self.key}-{name}"

    def typed(self) -> dict[str, Any]:
        """What stands in the widgets."""
        return {field.code: st.session_state.get(self.key_of(field.code)) for field in self.asked()}

    def clear(self) -> None:
        """Begin anew."""
        for field in self.asked():
            st.session_state.pop(self.key_of(field.code), None)


def draw(form: Form, values: Mapping[str, Any]) -> None:
    """A widget for each field; ``values`` fill it the first time."""
    for field in form.asked():
        key = form.key_of(field.code)
        if key not in st.session_state:
            st.session_state[key] = values.get(field.code)
        _WIDGETS[field.type](form, field, key)


def _text(form: Form, field: Field, key: str) -> None:
    st.session_state[key] = st.session_state[key] or ""
    limit = _LONG if field.type == "point" else form.subject.limit(form.subject.column(field.code))
    example = "113.0123, 28.1234" if field.type == "point" else None
    st.text_input(form.label(field), key=key, max_chars=limit, placeholder=example)


def _choice(form: Form, field: Field, key: str) -> None:
    if field.type == "word":
        kind = form.level or field.vocabulary
        names = {code: term(kind, code) for code in codes(field, form.level)}
    else:
        names = dict(form.units)
    if st.session_state[key] not in names:
        st.session_state[key] = None
    st.selectbox(form.label(field), list(names), key=key, format_func=lambda code: names[code], placeholder=_("Choose"))


def _count(form: Form, field: Field, key: str) -> None:
    st.number_input(form.label(field), min_value=0, max_value=1_000_000, step=1, key=key)


def _yes(form: Form, field: Field, key: str) -> None:
    st.session_state[key] = st.session_state[key] is not False
    st.toggle(form.label(field), key=key)


_WIDGETS = {
    "name": _text,
    "text": _text,
    "point": _text,
    "word": _choice,
    "organisation": _choice,
    "parent": _choice,
    "count": _count,
    "yes": _yes,
}
