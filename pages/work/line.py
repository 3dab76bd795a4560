import streamlit as st

from services import db, lines
from ui import line_view, opened, session
from ui.links import matter_link
from ui.text import _, md

actor = session.require("page.line")

with db.reading() as data:
    matter = opened.matter(data, actor)
    line = lines.of(data, actor, matter)
    st.title(_("One line"))
    st.markdown(f"**{md(matter.title)}**")
    matter_link(matter, matter.number, icon=":material/arrow_back:")
    line_view.whole(data, line)
