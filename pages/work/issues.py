import streamlit as st

from services import db, matters
from ui import bulk, filters, session, tables
from ui.agenda import capped
from ui.links import page_link
from ui.text import _

PAGE = 50

actor = session.require("page.issues")

with db.reading() as data:
    here = filters.scope(data, actor)
    filters.breadcrumb(data, actor, here)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(_("Issue ledger"))
        filters.picker(data, here)
    filters.bar("issue", ("text", "openness", "clock", "category", "state", "source", "sort"))
    wanted = filters.current(here)
    total = matters.count(data, actor, wanted)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(_("**{count}** issues", count=capped(total)))
        st.button(_("Clear filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
        page_link("map", _("On the map"), icon=":material/map:", **dict(st.query_params))
    pages = max(1, -(-min(total, matters.CAP) // PAGE))
    at = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    rows = matters.page(data, actor, wanted, PAGE, (min(at, pages) - 1) * PAGE)
    if not rows:
        st.info(_("No issue matches. Clear the filter, or raise a new issue."), icon=":material/search_off:")
    else:
        bulk.bar(data, actor, tables.matters(rows, "ledger"))
