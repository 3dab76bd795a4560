import streamlit as st

from services.figures import casebook
from services.places import areas
from services.system import db
from ui.figures import casebook_filter, casebook_view
from ui.frame import exports, session
from ui.frame.text import _

actor = session.require("page.casebook")

with db.reading() as data:
    st.title(_("Casebook"))
    st.caption(_("Every published figure, beside what the records say now. A figure leads to the very records."))
    lines = casebook.lines(data, actor)
    if not lines:
        st.info(
            _("No place here has published figures. They stand in figures.csv of a place pack."),
            icon=":material/info:",
        )
        st.stop()
    casebook_filter.bar(lines)
    chosen = casebook.chosen(lines, casebook.asked(st.query_params))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        casebook_view.summary(casebook.summary(chosen))
        exports.buttons(actor, "casebook", areas.scope(data, actor, None))
    casebook_view.show(chosen)
