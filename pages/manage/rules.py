import streamlit as st

from services.system import db
from ui.desk import rule_table, time_limits_view
from ui.frame import calendar_notice, filters, session
from ui.frame.links import page_link
from ui.frame.text import _

actor = session.require("page.rules")

with db.reading() as data:
    here = filters.scope(data, actor)
    filters.switch(data, actor, here)
    st.title(_("Rules"))
    st.caption(
        _(
            "V: read at the source. S: second hand. M: not proved, so it only advises. Only V may be called a national"
            " norm."
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        page_link("calendar", _("Working calendar"), icon=":material/calendar_month:")
        calendar_notice.ahead()
    book, times = st.tabs([_("Rulebook"), _("Time limits")])
    with book:
        rule_table.show(actor, here)
    with times:
        time_limits_view.show(data, here)
