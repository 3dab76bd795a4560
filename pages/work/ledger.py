import streamlit as st

from services.engine import flows
from services.matters import matters
from services.parts.party_steps import part_of
from services.rights.permissions import may, only_public, reads_unit
from services.system import db
from ui.desk.needs_me_today import capped
from ui.frame import calendar_notice, exports, filters, flows_here, menu, session
from ui.frame.links import page_link
from ui.frame.text import _, language, term
from ui.looks import list_head
from ui.matter import bulk_steps, list_page, matter_tables

PAGE = 20

actor = session.require("page.ledger")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = flows_here.of(data, actor, here)
    heading = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    flow = flows_here.choose(runs)
    told = flows.flow(flow)
    with heading:
        st.title(menu.title(actor, menu.LIST) if reads_unit(actor) else runs.title(flow, language()))
        list_head.begin(actor, flow, here)
    list_page.draw(data, actor, flow, here)
    # Stages above the list are the choice of a state already.
    staged = {"state"} if told.part("list").get("stages") else set()
    first, more = (
        tuple(name for name in told.words("list", part) if name not in staged) for part in ("filters", "more")
    )
    filters.bar(flow, first, more, (data, actor, here))
    wanted = filters.current(actor, here, flow)
    if told.part("list").get("stages"):
        list_head.show(data, actor, wanted)
    page = int(st.session_state.get("page", 1))
    total, rows = matters.listing(data, actor, wanted, PAGE, (page - 1) * PAGE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(f"**{capped(total)}** {term('counted', flow)}", width="content")
            st.button(_("Clear filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
            asked = {**dict(st.query_params), "flow": flow}
            page_link("board", _("As a board"), icon=":material/view_kanban:", **asked)
            if part_of(flow) and may(actor, "page.calls"):
                page_link("calls", _("Who was called"), icon=":material/campaign:", **asked)
            if told.part("map").get("shown") and may(actor, "page.map"):
                page_link("map", _("On the map"), icon=":material/map:", **asked)
        exports.buttons(actor, "matters", here, flow=flow)
    filters.reason(wanted)
    pages = max(1, -(-min(total, matters.CAP) // PAGE))
    if page > pages:
        rows = matters.listing(data, actor, wanted, PAGE, (pages - 1) * PAGE)[1]
    calendar_notice.show(*(row.matter.due_at for row in rows if row.matter.is_open))
    columns = list_head.columns(actor, wanted)
    many = bool(told.part("list").get("bulk")) and not only_public(actor) and not matter_tables.on_a_phone()
    key, above, chosen = f"ledger-{flow}-{bulk_steps.selection()}", st.container(key="bulk-bar"), list[str]()
    if rows:
        chosen = matter_tables.matters(rows, key, columns, wanted.sort, many)
    else:
        st.info(_("Nothing matches. Clear the filter, or choose another kind."), icon=":material/search_off:")
    if many:
        with above:
            bulk_steps.bar(data, actor, flow, chosen)
    if rows and pages > 1:
        st.pagination(pages, key="page", bind="query-params")
