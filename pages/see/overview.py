import streamlit as st

from services.engine import flows
from services.figures import readings
from services.lines import today
from services.places import areas
from services.public import disclosure
from services.rights.permissions import may, only_public, reads_all
from services.system import db
from ui.desk import needs_me_today, welcome
from ui.figures import key_figures, public_notice, ranking
from ui.frame import blocks, exports, filters, flow_choice, session, url
from ui.frame import periods as period_names
from ui.frame.text import _, md

actor = session.require("page.overview")
labels = period_names.names()

with db.reading() as data:
    here = filters.place(data, actor)
    welcome.remind(data, actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="heading"):
        st.title(_("{name} today", name=md(here.name)), width="content")
        usual = disclosure.period(data, actor, readings.usual(data, here.path))
        periods = [usual] if only_public(actor) else list(readings.PERIODS)
        with st.container(horizontal=True, width="content", vertical_alignment="center", key="asked"):
            flow = "" if only_public(actor) else flow_choice.choose(flows.flows(), 130, label=False)
            period = str(
                st.segmented_control(
                    _("Period"),
                    periods,
                    key=url.recall("period", periods, usual),
                    on_change=url.keep,
                    args=("period",),
                    required=True,
                    format_func=lambda code: labels[code],
                    label_visibility="collapsed",
                )
            )
    work, numbers = st.columns([5, 7], gap="medium")
    with work:
        st.subheader(_("What is going on") if only_public(actor) else _("What needs you"))
        needs_me_today.show(actor, today.agenda(data, actor, here.path), here)
    with numbers:
        told = key_figures.cards(data, actor, here, readings.headline(data, here.path, period, flow), period, flow)
        if may(actor, "page.figures", here.path):
            told += key_figures.time_to_close(readings.lasted(data, here.path, period, flow), here, period, flow)
        blocks.draw(told)
        public_notice.show(data, actor)
        if may(actor, "page.rules"):
            st.subheader(_("Closed on time, area by area"))
            hidden = disclosure.hidden(data, actor, here, "on_time_rate")
            whole = readings.figure(data, "on_time_rate", here.path, period, flow).count if reads_all(actor) else None
            names = [part.name for part in areas.children(data, here.area_id) if part.id in hidden]
            ranking.show(disclosure.ranking(data, actor, "on_time_rate", here, period, flow), names, whole)
        exports.buttons(actor, "indicators", here, period=period)
