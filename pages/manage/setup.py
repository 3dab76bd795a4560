import streamlit as st

from services.rights.permissions import may
from services.setup.subjects import AREAS, SUBJECTS
from services.system import db
from ui.frame import filters, session, url
from ui.frame.text import _, term
from ui.setup import area_form, body_form, change_list

_CHANGES = "changes"
actor = session.require("page.setup")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Setup"))
    offered = [*(kind for kind, subject in SUBJECTS.items() if may(actor, subject.right, here.path)), _CHANGES]
    names = {kind: term("import_kind", kind) for kind in SUBJECTS} | {_CHANGES: _("Changes")}
    chosen = st.segmented_control(
        _("What"),
        offered,
        key=url.recall("what", offered, offered[0]),
        on_change=url.keep,
        args=("what",),
        format_func=lambda kind: names[kind],
        required=True,
        label_visibility="collapsed",
    )
    if chosen == AREAS:
        area_form.show(data, actor, here)
    elif chosen == _CHANGES:
        change_list.show(data, actor, here)
    else:
        body_form.show(data, actor, here, str(chosen))
