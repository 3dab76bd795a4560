import streamlit as st

from services.people import account_care
from services.system import db
from services.words.cleaning import clean
from ui.desk import account_form, account_list, welcome
from ui.frame import filters, session
from ui.frame.text import _

actor = session.require("page.accounts")

empty = welcome.needed(actor)
with db.reading() as data:
    path = code = ""
    if not empty:
        here = filters.scope(data, actor)
        filters.switch(data, actor, here)
        welcome.remind(data, actor)
        path, code = here.path, here.code
    st.title(_("Accounts"))
    account_list.show_code()
    picked = account_care.one(data, actor, account_list.picked() or 0)
    if picked:
        account_form.change(data, actor, picked)
    else:
        account_form.new(data, actor, code)
    asked = st.text_input(_("Search"), key="who", bind="query-params", icon=":material/search:", width=260)
    account_list.show(account_care.found(data, actor, path, clean(asked)))
