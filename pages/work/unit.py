import streamlit as st

from models.organisation import Organisation
from services.lines import unit_desk
from services.system import db
from ui.desk import unit_work
from ui.frame import filters, session
from ui.frame.text import _, md

actor = session.require("page.unit")

with db.reading() as data:
    filters.scope(data, actor)
    unit = data.get(Organisation, actor.organisation_id or 0)
    if unit is None:
        st.title(_("My unit"))
        st.warning(_("Your account stands for no unit yet. Ask the administrator to name it."), icon=":material/info:")
        st.stop()
    st.title(md(unit.name))
    desk = unit_desk.desk(data, actor)
    unit_work.counts(desk)
    unit_work.show(data, actor, unit.name, desk)
