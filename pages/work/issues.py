import streamlit as st

from services.matters import matters
from services.rights.permissions import may, reads_unit
from services.system import db
from ui.desk.needs_me_today import capped
from ui.frame import calendar_notice, exports, filters, menu, session, url
from ui.frame.links import page_link
from ui.frame.text import _, term
from ui.matter import bulk_steps, matter_tables

PAGE = 20
FLOWS = ["issue", "action"]

actor = session.require("page.issues")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(menu.title(actor, "issues") if reads_unit(actor) else _("Issue ledger"))
    chosen = st.segmented_control(
        _("Kind"),
        FLOWS,
        key=url.recall("flow", FLOWS, "issue"),
        on_change=url.keep,
        args=("flow",),
        required=True,
        format_func=lambda code: term("flow", code),
        label_visibility="collapsed",
    )
    flow = chosen or "issue"
    filters.bar(
        flow, ("text", "openness", "clock", "category"), ("state", "source", "opened_from", "opened_to", "sort")
    )
    wanted = filters.current(here, flow)
    page = int(st.session_state.get("page", 1))
    total, rows = matters.listing(data, actor, wanted, PAGE, (page - 1) * PAGE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(_("**{count}** issues", count=capped(total)), width="content")
            st.button(_("Clear filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
            if may(actor, "page.map"):
                page_link("map", _("On the map"), icon=":material/map:", **dict(st.query_params))
        exports.buttons(actor, "matters", here, flow=flow)
    filters.reason(wanted)
    pages = max(1, -(-min(total, matters.CAP) // PAGE))
    if page > pages:
        rows = matters.listing(data, actor, wanted, PAGE, (pages - 1) * PAGE)[1]
    calendar_notice.show(*(row.matter.due_at for row in rows if row.matter.is_open))
    if not rows:
        st.info(_("No issue matches. Clear the filter, or raise a new issue."), icon=":material/search_off:")
    else:
        bulk_steps.bar(data, actor, matter_tables.matters(rows, f"ledger-{bulk_steps.selection()}"))
        if pages > 1:
            st.pagination(pages, key="page", bind="query-params")
