import streamlit as st

from services.system import db
from ui.frame import filters, session
from ui.frame.text import _
from ui.registers import coverage_view, staffing_view

actor = session.require("page.posts")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Posts"))
    coverage, staffing, needed = st.tabs([_("Coverage"), _("Filled and vacant"), _("How many are needed")])
    with coverage:
        coverage_view.show(data, actor, here)
    with staffing:
        staffing_view.show(data, actor, here)
    with needed:
        coverage_view.needed(data, here)
