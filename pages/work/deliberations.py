import streamlit as st

from services import choices, db, lines, today, topics
from services.permissions import may
from ui import calendar_notice, filters, session, topic_form
from ui import topics as view
from ui.text import _

PAGE = 20

actor = session.require("page.deliberations")

with db.reading() as data:
    here = filters.place(data, actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(_("Deliberations"))
        if may(actor, "deliberation.create"):
            topic_form.button()
    topic_form.show(data, actor)
    st.markdown("##### " + _("Meetings today and this week"))
    view.sittings(actor, today.sittings(data, actor, here.path))
    if broken := lines.breaks(data, actor, here.path, 5):
        with st.container(border=True, gap="xsmall", key="breaks"):
            st.markdown("##### " + _("Broken lines"))
            view.breaks(broken)
    st.markdown("##### " + _("Topics"))
    forums = choices.forums(data, here.path)
    forum = view.bar(forums)
    asked = filters.current(here, "deliberation").with_(openness="")
    counts = topics.by_state(data, actor, asked.with_(state=""), forum)
    view.stages(counts)
    wanted = asked if asked.state else asked.with_(openness="open")
    total = counts.get(asked.state, 0) if asked.state else sum(counts.get(code, 0) for code in view.open_stages())
    pages = max(1, -(-total // PAGE))
    at = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    found = topics.page(data, actor, wanted, forum, PAGE, (min(at, pages) - 1) * PAGE)
    if not found:
        st.info(_("No topic matches. Choose another stage, or propose a topic."), icon=":material/search_off:")
    for topic in found:
        view.row(actor, topic)
    calendar_notice.show(*(topic.matter.due_at for topic in found if topic.matter.is_open))
