import streamlit as st

from services.system import db
from ui.frame import session
from ui.frame.text import _
from ui.importing import (
    check_step,
    choose_step,
    column_step,
    done_step,
    file_header,
    history,
    open_file,
    reading_options,
    saved_mappings,
    word_step,
    write_step,
)

actor = session.require("page.imports")

st.title(_("Import"))
found = open_file.now()
with db.reading() as data:
    if found is None:
        done_step.show(data)
        choose_step.show(data, actor)
        history.show(data, actor)
        st.stop()
    file_header.show(data, found)
    saved_mappings.show(data, actor, found)
    st.subheader(_("1. What each column means"))
    column_step.show(found)
    reading_options.show(found)
    st.subheader(_("2. What the words mean"))
    word_step.show(data, found, found.unknown(data))
    st.subheader(_("3. Check, then import"))
    report = found.fresh
if report is None:
    if st.button(_("Check every row"), type="primary", icon=":material/fact_check:", key="import-check"):
        check_step.run(actor, found)
else:
    check_step.show(found, report)
    write_step.show(actor, found, report)
