import streamlit as st

from services.figures import breakdowns, indicators
from services.figures.breakdowns import Question
from services.matters import case_conditions
from services.system import db
from ui.figures import breakdown_view, figure_cards
from ui.frame import exports, filters, flow_choice, periods, session, url
from ui.frame.text import _, term

actor = session.require("page.figures")
codes = list(indicators.definitions())

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Figures"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="figure-controls"):
        code = st.selectbox(
            _("Indicator"),
            codes,
            key=url.recall("figure", codes, "on_time_rate"),
            on_change=url.keep,
            args=("figure",),
            format_func=lambda code: term("indicator", code),
            width=210,
        )
        definition = indicators.definitions()[code]
        flow = flow_choice.choose(case_conditions.flows_of(code))
        by = periods.dimension(definition.by)
        span = periods.NOW if definition.now else periods.choose(data, here.path, flow)
        against = None if definition.now or by == "month" else periods.against(span)
    found = breakdowns.breakdown(data, actor, Question(code, here, by, span, against, flow))
    beside = figure_cards.beside(data, actor, here, definition, span, flow)
    breakdown_view.whole(found, against, beside)
    breakdown_view.table(found, here)
    exports.buttons(actor, "indicators", here)
