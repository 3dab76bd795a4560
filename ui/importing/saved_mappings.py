"""Readings under a name: how last month's file was read, taken again for this month's."""

import streamlit as st
from sqlmodel import Session

from services.importing.guess import saved_mappings
from services.importing.mapping.mapping import Mapping, read
from services.rights.permissions import Actor
from services.system import db
from services.words.i18n import listed
from ui.frame import session as current
from ui.frame.text import _
from ui.importing.open_file import Desk


def show(session: Session, actor: Actor, found: Desk) -> None:
    """Take a saved reading, or save this one."""
    names = [one.name for one in saved_mappings.saved(session, actor, found.mapping.kind)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="import-readings"):
        if names:
            st.selectbox(
                _("Read it as last time"),
                names,
                index=None,
                key=f"import-reading-{found.round}",
                placeholder=_("Choose a saved reading"),
                on_change=_take,
                args=(actor, found),
                width=260,
            )
        with st.popover(_("Save this reading"), icon=":material/bookmark_add:"):
            st.text_input(
                _("Name"), key="import-reading-name", max_chars=48, placeholder=_("Such as: 12345 monthly list")
            )
            st.button(_("Save"), key="import-reading-save", type="primary", on_click=_save, args=(found,))


def _take(actor: Actor, found: Desk) -> None:
    name = st.session_state[f"import-reading-{found.round}"]
    with db.reading() as session:
        known = saved_mappings.saved(session, actor, found.mapping.kind)
    content = next((one.content for one in known if one.name == name), None)
    if content is not None:
        told = read({**content, "name": name, "place": found.mapping.place})
        found.turn(told.model_copy(update={"ground": found.mapping.ground, "columns": _there(found, told)}))


def _there(found: Desk, told: Mapping) -> dict[str, list[str]]:
    """The columns of the reading that this file has."""
    there = {field: [name for name in names if name in found.sheet.columns] for field, names in told.columns.items()}
    return {field: names for field, names in there.items() if names}


def _save(found: Desk) -> None:
    name = str(st.session_state["import-reading-name"] or "")
    kept = current.commit(saved_mappings.save, name, found.settled.model_copy(update={"ground": None}))
    if kept is not None:
        current.announce(listed("Saved as {name}."), name=name)
