import streamlit as st

from services.looks import biography, biography_addresses
from services.system import db
from ui.frame import exports, filters, flows_here, session
from ui.frame.text import _, md
from ui.looks import biography_view

actor = session.require("page.biography")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = flows_here.of(data, actor, here)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(_("Biography of {place}", place=md(here.name)))
        exports.buttons(actor, "biography", here)
    flows_here.choose(runs, any_flow=True)
    biography_view.bar()
    wanted = biography_addresses.read(st.query_params, here.path, runs.flows)
    page = biography.page(data, actor, wanted)
    if page.entries:
        biography_view.show(actor, page, runs)
    else:
        st.info(
            _("Nothing that you can read happened here. Ask for less, or look further back."), icon=":material/history:"
        )
    biography_view.ways(page)
