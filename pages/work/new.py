import streamlit as st

from services.system import db
from ui.flows.issue import issue_form
from ui.frame import filters, session
from ui.frame.text import _

actor = session.require("page.new")

with db.reading() as data:
    here = filters.scope(data, actor)
    filters.switch(data, actor, here)
    st.title(_("New issue"))
    issue_form.show(data, actor, here)
