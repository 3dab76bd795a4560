import streamlit as st

from services.rights.permissions import may
from services.system import db
from ui.flows.deliberation import outcome
from ui.flows.issue import likely_duplicates, merged_reports
from ui.frame import calendar_notice, matter_in_address, names, note_form, session
from ui.frame.links import page_link
from ui.frame.text import _
from ui.matter import clock_facts, former_state, line_view, matter_facts, steps, timeline

actor = session.require("page.matter")

with db.reading() as data:
    matter = matter_in_address.matter(data, actor)
    matter_facts.head(matter)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        clock_facts.request(data, matter)
        former_state.show(matter)
        steps.show(data, actor, matter)
        merged_reports.show(data, actor, matter)
        likely_duplicates.at_intake(data, actor, matter)
        if matter.flow == "deliberation" and may(actor, "page.meeting"):
            page_link("meeting", _("Meeting record and public notice"), icon=":material/edit_note:", no=matter.number)
        with st.container(border=True):
            matter_facts.body(data, matter, actor.area_path, clock_facts.facts(data, actor, matter))
            if matter.is_open:
                calendar_notice.show(matter.due_at, matter.hold_until)
        if matter.flow == "deliberation":
            outcome.show(data, actor, matter)
        st.subheader(_("Timeline"))
        note_form.form(data, actor, matter)
        timeline.show(data, actor, matter, names.by_code(data, actor))
    with right, st.container(border=True):
        st.subheader(_("One line"))
        line_view.brief(data, actor, matter)
