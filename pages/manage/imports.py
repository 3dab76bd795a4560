import streamlit as st

from services import db
from ui import session
from ui.importing import check, choose, columns, desk, done, head, history, options, saved, words, write
from ui.text import _

actor = session.require("page.imports")

st.title(_("Import"))
found = desk.now()
with db.reading() as data:
    if found is None:
        done.show(data)
        choose.show(data, actor)
        history.show(data, actor)
        st.stop()
    head.show(data, found)
    saved.show(data, actor, found)
    st.subheader(_("1. What each column means"))
    columns.show(found)
    options.show(found)
    st.subheader(_("2. What the words mean"))
    words.show(data, found, found.unknown(data))
    st.subheader(_("3. Check, then import"))
    report = found.fresh
if report is None:
    if st.button(_("Check every row"), type="primary", icon=":material/fact_check:", key="import-check"):
        check.run(actor, found)
else:
    check.show(found, report)
    write.show(actor, found, report)
