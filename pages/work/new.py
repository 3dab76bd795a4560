import streamlit as st

from services.system import db
from ui.frame import filters, session
from ui.frame.text import _
from ui.matter import issue_form

actor = session.require("page.new")

with db.reading() as data:
    here = filters.scope(data, actor)
    st.title(_("New issue"))
    issue_form.show(data, actor, here)
