import streamlit as st

from services.people import account_care
from services.system import db
from services.words.cleaning import clean
from ui.desk import account_list, welcome
from ui.frame import filters, session
from ui.frame.text import _

actor = session.require("page.accounts")

empty, path = welcome.needed(actor), ""
with db.reading() as data:
    if not empty:
        here = filters.scope(data, actor)
        filters.switch(data, actor, here)
        path = here.path
    st.title(_("Accounts"))
    account_list.show_code()
    asked = st.text_input(_("Search"), key="who", bind="query-params", icon=":material/search:", width=260)
    account_list.show(account_care.found(data, actor, path, clean(asked)))
