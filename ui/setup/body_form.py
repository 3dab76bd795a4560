"""Organisations, forums, venues and posts in the setup: one of those here, or one more."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from models.organisation import Organisation
from services.matters import organisations
from services.places import areas, form_choices
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from services.setup import body_setup
from services.setup.subjects import SUBJECTS, Subject
from services.words.i18n import listed
from ui.frame import saving
from ui.frame.session import announce
from ui.frame.text import _
from ui.setup import closing, drawn_rows, field_inputs
from ui.setup.field_inputs import Form

_LISTS: dict[str, Any] = {
    "organisations": organisations.organisations,
    "forums": organisations.forums,
    "venues": organisations.venues,
    "offices": organisations.offices,
}
_NEW = ""


def show(session: Session, actor: Actor, here: Scope, kind: str) -> None:
    """The rows of ``kind`` in the area in view, and the form of the chosen one."""
    subject = SUBJECTS[kind]
    if not may(actor, subject.right, here.path):
        st.info(_("Your account may not change anything here."), icon=":material/info:")
        return
    found = {row.code: (row, area) for row, area in _LISTS[kind](session, here.path)}
    code = _chosen(subject, found)
    row = found[code][0] if code else None
    homes = {area.code: area for area in areas.in_use(session, here.path)}
    _form(session, subject, here, homes, row)
    if not found:
        st.caption(_("Nothing is registered here yet."))


def _chosen(subject: Subject, found: dict[str, Any]) -> str:
    names = {code: f"{getattr(row, subject.name)} · {area}" for code, (row, area) in found.items()}
    key = f"setup-{subject.kind}-chosen"
    if st.session_state.get(key, _NEW) not in names:
        st.session_state[key] = _NEW
    chosen = st.selectbox(
        _("Choose one to change, or add one ({count} here)", count=len(found)),
        [_NEW, *names],
        key=key,
        format_func=lambda code: names.get(code) or _("— one more —"),
        width=420,
    )
    return str(chosen or _NEW)


def _form(session: Session, subject: Subject, here: Scope, homes: dict[str, Area], row: Any) -> None:
    form = Form(
        subject, f"setup-{subject.kind}-{row.code if row else 'new'}", form_choices.units_around(session, here.path)
    )
    seen = drawn_rows.seen(form, row) if row else ""
    if row:
        drawn_rows.compare(form, row)
    with st.container(border=True, width=640):
        own = next((code for code, area in homes.items() if row and area.id == row.area_id), here.code)
        _home(form, homes, own)
        field_inputs.draw(form, _values(session, subject, row))
        with st.container(horizontal=True):
            if row:
                st.button(
                    _("Save"), key=form.key_of("save"), type="primary", on_click=_save, args=(form, row.code, seen)
                )
                closing.button(form, body_setup.close, subject.kind, row.code)
            else:
                drawn = saving.token(form.key)
                st.button(_("Add"), key=f"{form.key}-{drawn}", type="primary", on_click=_add, args=(form, drawn))


def _home(form: Form, homes: dict[str, Area], own: str) -> None:
    key, called = form.key_of("home"), {area.path: area.name for area in homes.values()}
    if st.session_state.get(key) not in homes:
        st.session_state[key] = own
    st.selectbox(_("Area"), list(homes), key=key, format_func=lambda code: _way(homes[code], called))


def _way(area: Area, called: dict[str, str]) -> str:
    above = area.path.rstrip("/").rpartition("/")[0] + "/"
    return f"{called[above]} › {area.name}" if above in called else area.name


def _values(session: Session, subject: Subject, row: Any) -> dict[str, Any]:
    """What the widgets of a row begin with."""
    if row is None:
        return {}
    found: dict[str, Any] = {}
    for code, field in subject.fields.items():
        if field.type in ("organisation", "parent"):
            unit = session.get(Organisation, getattr(row, f"{code}_id") or 0)
            found[code] = unit.code if unit else None
        elif field.type == "point":
            found[code] = f"{row.lng}, {row.lat}" if row.lng is not None else ""
        else:
            found[code] = getattr(row, subject.column(code))
    return found


def _save(form: Form, code: str, seen: str) -> None:
    version = st.session_state.get(form.key_of("seen"), seen)
    home = str(st.session_state.get(form.key_of("home")) or "")
    if drawn_rows.save(form, body_setup.change, form.subject.kind, code, version, home, form.typed()):
        st.session_state.pop(form.key_of("home"), None)


def _add(form: Form, drawn: str) -> None:
    home = str(st.session_state.get(form.key_of("home")) or "")
    made = saving.once(form.key, drawn, body_setup.add, form.subject.kind, home, form.typed())
    if made is not None:
        announce(listed("{name} is there."), name=getattr(made, form.subject.name))
        form.clear()
