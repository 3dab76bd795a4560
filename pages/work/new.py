import streamlit as st

from services import db
from ui import filters, issue_form, session
from ui.text import _

actor = session.require("page.new")

with db.reading() as data:
    here = filters.scope(data, actor)
    st.title(_("New issue"))
    issue_form.show(data, actor, here)
