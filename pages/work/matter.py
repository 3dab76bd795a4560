import streamlit as st

from services import db
from services.permissions import may
from ui import (
    calendar_notice,
    clock_facts,
    deliberated,
    facts,
    likely,
    line_view,
    merged,
    names,
    note,
    opened,
    session,
    steps,
    timeline,
)
from ui.links import page_link
from ui.text import _

actor = session.require("page.matter")

with db.reading() as data:
    matter = opened.matter(data, actor)
    facts.head(matter)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        clock_facts.request(data, matter)
        steps.show(data, actor, matter)
        merged.show(data, actor, matter)
        likely.at_intake(data, actor, matter)
        if matter.flow == "deliberation" and may(actor, "page.meeting"):
            page_link("meeting", _("Meeting record and public notice"), icon=":material/edit_note:", no=matter.number)
        with st.container(border=True):
            facts.body(data, matter, actor.area_path, clock_facts.facts(data, actor, matter))
            if matter.is_open:
                calendar_notice.show(matter.due_at, matter.hold_until)
        if matter.flow == "deliberation":
            deliberated.show(data, actor, matter)
        st.subheader(_("Timeline"))
        note.form(data, actor, matter)
        timeline.show(data, actor, matter, names.by_code(data, actor))
    with right, st.container(border=True):
        st.subheader(_("One line"))
        line_view.brief(data, actor, matter)
