import streamlit as st

from services.engine import workflow
from services.engine.flows import BIRTH
from services.rights.permissions import may
from services.system import db
from services.system.errors import Refused
from ui.frame import begin_links, filters, flows_here, session
from ui.frame.text import _, refusal
from ui.matter import begin_form

actor = session.require("page.begin")
flow, number = st.query_params.get("flow", ""), st.query_params.get("from", "")

with db.reading() as data:
    here = filters.scope(data, actor)
    filters.switch(data, actor, here)
    runs = flows_here.of(data, actor, here).flows
    if flow not in runs or not may(actor, f"{flow}.{BIRTH}", here.path):
        st.title(_("What is begun?"))
        for known in begin_links.by_hand(actor, here.path, runs):
            begin_links.link(known, area=here.code)
        st.stop()
    try:
        origin = workflow.load(data, actor, number) if number else None
    except Refused as refused:
        st.error(refusal(refused), icon=":material/search_off:")
        st.stop()
    what = begin_form.beginning(data, actor, flow, origin)
    if what is None:
        st.error(_("From where this matter stands now, that can't be begun. Open it and look."))
        st.stop()
    begin_form.head(what)
    begin_form.show(data, actor, here, what)
