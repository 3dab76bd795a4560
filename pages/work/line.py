import streamlit as st

from services.lines import lines
from services.system import db
from ui.frame import matter_in_address, session
from ui.frame.links import matter_link
from ui.frame.text import _, md
from ui.matter import line_view

actor = session.require("page.line")

with db.reading() as data:
    matter = matter_in_address.matter(data, actor)
    line = lines.of(data, actor, matter)
    st.title(_("One line"))
    st.markdown(f"**{md(matter.title)}**")
    matter_link(matter, matter.number, icon=":material/arrow_back:")
    line_view.whole(line)
