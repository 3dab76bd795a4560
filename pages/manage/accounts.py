import streamlit as st

from services.people import account_care
from services.system import db
from ui.desk import account_list
from ui.frame import filters, session
from ui.frame.text import _

actor = session.require("page.accounts")

with db.reading() as data:
    here = filters.scope(data, actor)
    st.title(_("Accounts"))
    account_list.show_code()
    account_list.show(account_care.found(data, actor, here.path))
