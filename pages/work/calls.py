import streamlit as st

from services.engine import flows
from services.looks import calls
from services.system import db
from ui.frame import exports, filters, flows_here, session
from ui.frame.links import page_link
from ui.frame.text import _, language
from ui.looks import calls_table

actor = session.require("page.calls")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = calls.calling(flows_here.of(data, actor, here))
    st.title(_("Who was called, who came, who delivered"))
    if not runs.flows:
        st.info(_("Nothing that runs here calls units."), icon=":material/campaign:")
    else:
        flow = flows_here.choose(runs)
        told = flows.flow(flow)
        filters.bar(flow, told.words("list", "filters"), told.words("list", "more"), (data, actor, here))
        wanted = calls.asked(st.query_params, here.path, flow)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                st.button(_("Clear filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
                asked = {**dict(st.query_params), "flow": flow}
                page_link("ledger", runs.title(flow, language()), icon=":material/list_alt:", **asked)
            exports.buttons(actor, "calls", here, flow=flow)
        filters.reason(wanted)
        calls_table.show(calls.tallies(data, actor, wanted))
