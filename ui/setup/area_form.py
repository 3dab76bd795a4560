"""Areas in the setup: the one in view, those in it, and one more."""

import pandas as pd
import streamlit as st
from sqlmodel import Session

from models.area import Area
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from services.setup import area_setup
from services.setup.subjects import AREAS, SUBJECTS, levels_below
from services.words.i18n import listed
from ui.frame import filters, saving
from ui.frame.session import announce
from ui.frame.text import _, md, term
from ui.setup import boundary_form, closing, drawn_rows, field_inputs
from ui.setup.field_inputs import Form

_AREA = SUBJECTS[AREAS]
_LEVEL, _CODE = "setup-add-level", "setup-add-code"


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The forms for the area in view, and what lies in it."""
    area = session.get_one(Area, here.area_id, options=[areas.WITHOUT_OUTLINES])
    if not may(actor, _AREA.right, area.path):
        st.info(_("Areas are set up by the administrator."), icon=":material/info:")
    else:
        one, more = st.columns(2, gap="medium")
        with one:
            _change(area)
        with more:
            _add(session, area)
    if may(actor, _AREA.right, area.path):
        boundary_form.show(session, actor, here)
    _inside(session, area)


def _change(area: Area) -> None:
    st.subheader(md(area.name))
    st.caption(f"{term('level', area.level)} · {md(area.code)}")
    form = Form(_AREA, f"setup-area-{area.code}", {}, area.level)
    seen = drawn_rows.seen(form, area)
    drawn_rows.compare(form, area)
    with st.container(border=True):
        field_inputs.draw(form, {name: getattr(area, name) for name in ("name", "kind", "households")})
        with st.container(horizontal=True):
            st.button(_("Save"), key=form.key_of("save"), type="primary", on_click=_save, args=(form, area.code, seen))
            closing.button(form, area_setup.close, area.code)


def _save(form: Form, code: str, seen: str) -> None:
    drawn_rows.save(form, area_setup.change, code, st.session_state.get(form.key_of("seen"), seen), form.typed())


def _add(session: Session, above: Area) -> None:
    offered = levels_below(above.level)
    if not offered:
        return
    st.subheader(_("Add an area in {name}", name=md(above.name)))
    st.caption(_("It lies in the area in view; choose another one above."))
    with st.container(border=True):
        if st.session_state.get(_LEVEL) not in offered:
            st.session_state[_LEVEL] = offered[0]
        level = st.selectbox(_("Level"), offered, key=_LEVEL, format_func=lambda code: term("level", code))
        form = Form(_AREA, f"setup-add-{above.code}-{level}", {}, level)
        field_inputs.draw(form, {})
        proposed = area_setup.proposed(session, above)
        st.text_input(_("Code"), key=_CODE, max_chars=32, placeholder=proposed, help=_("Left empty, it is this one."))
        drawn = saving.token("setup-area")
        st.button(_("Add"), key=f"setup-add-{drawn}", type="primary", on_click=_added, args=(form, above.code, drawn))


def _added(form: Form, above: str, drawn: str) -> None:
    code = str(st.session_state.get(_CODE) or "")
    made = saving.once("setup-area", drawn, area_setup.add, above, form.level, form.typed(), code)
    if made is not None:
        announce(listed("{name} is there."), name=made.name)
        form.clear()
        st.session_state.pop(_CODE, None)


def _inside(session: Session, above: Area) -> None:
    found = areas.children(session, above.id)
    if not found:
        return
    rows = [
        {
            _("Name"): area.name,
            _("Level"): term("level", area.level),
            _("Kind"): term(area.level, area.kind),
            _("Households"): area.households,
            _("Code"): area.code,
        }
        for area in found
    ]
    names = {area.code: area.name for area in found}
    st.selectbox(
        _("Set up one of those inside"),
        list(names),
        index=None,
        key=f"setup-inside-{above.code}",
        format_func=lambda code: names.get(code, code),
        placeholder=_("Choose"),
        on_change=_go,
        args=(f"setup-inside-{above.code}",),
        width=320,
    )
    st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="content" if len(rows) <= 12 else 470)


def _go(key: str) -> None:
    if chosen := st.session_state.get(key):
        filters.go_to(chosen)
