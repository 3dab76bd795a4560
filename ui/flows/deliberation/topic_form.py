"""A new topic: proposed to a forum, with what it is about."""

import streamlit as st
from sqlmodel import Session

from services.flows.deliberation import deliberations
from services.flows.deliberation.deliberations import NewTopic
from services.places import form_choices
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.words.i18n import listed
from ui.frame import saving
from ui.frame.session import announce
from ui.frame.text import _, term

_OPEN = "new-topic"
_KEYS = {name: f"new-topic-{name}" for name in ("title", "description", "category", "forum")}


def button() -> None:
    """Open or close the form."""
    st.button(_("New topic"), key="new-topic-button", type="primary", icon=":material/add:", on_click=_toggle)


def _toggle() -> None:
    st.session_state[_OPEN] = not st.session_state.get(_OPEN, False)


def show(session: Session, actor: Actor) -> None:
    """The form, while it is open."""
    if not st.session_state.get(_OPEN):
        return
    forums = form_choices.forums_within(session, actor.area_path)
    with st.form("new-topic-form", enter_to_submit=False):
        st.text_input(_("Topic, in one sentence"), key=_KEYS["title"], max_chars=120)
        st.text_area(_("What it is about"), key=_KEYS["description"], max_chars=4000, height=84)
        with st.container(horizontal=True):
            _select(_("Forum"), "forum", forums)
            _select(_("Category"), "category", {code: term("category", code) for code in categories()})
        with st.container(horizontal=True):
            drawn = saving.token(_OPEN)
            st.form_submit_button(
                _("Propose"), type="primary", on_click=_create, args=(drawn,), key=f"new-topic-submit-{drawn}"
            )
            st.form_submit_button(_("Cancel"), type="tertiary", on_click=_toggle, key="new-topic-cancel")


def _select(label: str, name: str, names: dict[str, str]) -> None:
    st.selectbox(
        label,
        list(names),
        index=None,
        key=_KEYS[name],
        width=280,
        format_func=lambda code: names.get(code, code),
        placeholder=_("Choose"),
    )


def _create(drawn: str) -> None:
    typed = {name: st.session_state.get(key) for name, key in _KEYS.items()}
    entered = NewTopic(**typed | {name: typed[name] or "" for name in ("title", "description", "forum")})
    made = saving.once(_OPEN, drawn, deliberations.create, entered)
    if made is not None:
        announce(listed("{number} is proposed. It waits under Collecting."), number=made.number)
        st.session_state[_OPEN] = False
        for key in _KEYS.values():
            st.session_state.pop(key, None)
