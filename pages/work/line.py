import streamlit as st

from services import db, lines, workflow
from services.errors import Refused
from ui import line_view, session
from ui.links import matter_link, page_link
from ui.text import _, md, refusal

actor = session.require("page.line")

with db.reading() as data:
    try:
        matter = workflow.load(data, actor, st.query_params.get("no", ""))
    except Refused as refused:
        st.error(refusal(refused), icon=":material/search_off:")
        page_link("issues", _("Back to the ledger"), icon=":material/arrow_back:")
        st.stop()
    line = lines.of(data, matter)
    st.title(_("One line"))
    st.markdown(f"**{md(matter.title)}**")
    matter_link(matter, matter.number, icon=":material/arrow_back:")
    line_view.whole(data, line)
