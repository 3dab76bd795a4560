import streamlit as st

from services.looks import day_addresses, days
from services.system import db
from ui.frame import calendar_notice, filters, flows_here, session
from ui.frame.text import _
from ui.looks import days_bar, days_view

MOST = {"month": 4, "week": 25}

actor = session.require("page.days")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = flows_here.of(data, actor, here)
    heading = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    flow = flows_here.choose(runs, any_flow=True)
    wanted = day_addresses.read(st.query_params, actor, here.path, runs.flows, days_bar.usual())
    days_bar.show(wanted)
    filters.bar(flow, ("text", "unit", "category"), (), (data, actor, here))
    with heading:
        st.title(_("Calendar: {days}", days=days_view.heading(wanted)))
        days_bar.take_along(actor, here, wanted)
    found = days.page(data, actor, wanted.asked, wanted.span, MOST[wanted.view])
    days_view.show(wanted, found)
    days_view.legend(found)
    calendar_notice.show()
