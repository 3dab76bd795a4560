import streamlit as st

from services.system import db
from ui.desk import own_account
from ui.frame import session
from ui.frame.text import _

actor = session.require("page.account")

st.title(_("My account"))
with db.reading() as data:
    own_account.facts(data, actor)
    own_account.password(data, actor)
    own_account.sign_ins(data, actor)
