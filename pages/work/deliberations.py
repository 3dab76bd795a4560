import streamlit as st

from services.flows.deliberation import topics
from services.lines import broken_lines, today
from services.matters import list_addresses
from services.places import form_choices
from services.rights.permissions import may
from services.system import db
from ui.flows.deliberation import topic_form
from ui.flows.deliberation import topics as view
from ui.frame import calendar_notice, exports, filters, session
from ui.frame.text import _

PAGE = 20

actor = session.require("page.deliberations")

with db.reading() as data:
    here = filters.place(data, actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(_("Deliberations"))
        if may(actor, "deliberation.create", here.path):
            topic_form.button()
    topic_form.show(data, actor)
    st.markdown("##### " + _("Meetings today and this week"))
    view.sittings(actor, today.sittings(data, actor, here.path))
    if broken := broken_lines.breaks(data, actor, here.path, 5):
        with st.container(border=True, gap="xsmall", key="breaks"):
            st.markdown("##### " + _("Broken lines"))
            view.breaks(broken)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("##### " + _("Topics"), width="content")
        exports.buttons(actor, "deliberations", here)
    forums = form_choices.forums(data, here.path)
    forum = view.bar(forums)
    wanted = list_addresses.of_topics(st.query_params, here.path)
    counts = topics.by_state(data, actor, wanted.with_(state="", openness=""), forum)
    view.stages(counts)
    total = counts.get(wanted.state, 0) if wanted.state else sum(counts.get(code, 0) for code in view.open_stages())
    pages = max(1, -(-total // PAGE))
    at = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    found = topics.page(data, actor, wanted, forum, PAGE, (min(at, pages) - 1) * PAGE)
    if not found:
        st.info(_("No topic matches. Choose another stage, or propose a topic."), icon=":material/search_off:")
    for topic in found:
        view.row(actor, topic)
    calendar_notice.show(*(topic.matter.due_at for topic in found if topic.matter.is_open))
