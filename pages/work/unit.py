import streamlit as st

from models.organisation import Organisation
from services.lines import unit_desk
from services.system import db
from ui.desk import unit_work
from ui.frame import exports, filters, session
from ui.frame.text import _, md

actor = session.require("page.unit")

with db.reading() as data:
    here = filters.scope(data, actor)
    unit = data.get(Organisation, actor.organisation_id or 0)
    if unit is None:
        st.title(_("My unit"))
        st.warning(_("Your account stands for no unit yet. Ask the administrator to name it."), icon=":material/info:")
        st.stop()
    st.title(md(unit.name))
    desk = unit_desk.desk(data, actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        unit_work.counts(desk)
        exports.buttons(actor, "matters", here)
    unit_work.show(data, actor, unit.name, desk)
