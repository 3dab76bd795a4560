import streamlit as st

from services.system import db
from ui.frame import calendar_notice, code_names, matter_in_address, note_form, session
from ui.frame.text import _
from ui.matter import (
    checklist,
    clock_facts,
    correction_form,
    former_state,
    line_view,
    matter_facts,
    matter_page,
    onward,
    party_list,
    steps,
    timeline,
)
from ui.parts import citation_list, clause_list, clause_versions, occasion_list

actor = session.require("page.matter")

with db.reading() as data:
    matter = matter_in_address.matter(data, actor)
    called = code_names.by_code(data, actor)
    matter_facts.head(matter)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        matter_page.draw("above", data, actor, matter)
        former_state.show(matter)
        steps.show(data, actor, matter)
        onward.show(data, actor, matter)
        checklist.show(data, actor, matter)
        matter_page.draw("steps", data, actor, matter)
        with st.container(border=True):
            more = [*clock_facts.facts(data, actor, matter), *matter_page.facts_of(data, actor, matter)]
            matter_facts.body(data, matter, actor.area_path, called, more)
            if matter.is_open:
                calendar_notice.show(matter.due_at, matter.hold_until)
        correction_form.show(data, actor, matter)
        party_list.show(data, actor, matter)
        clause_list.show(data, actor, matter)
        clause_versions.show(data, actor, matter)
        occasion_list.show(data, actor, matter)
        citation_list.show(data, actor, matter)
        matter_page.draw("facts", data, actor, matter)
        st.subheader(_("Timeline"))
        note_form.form(data, actor, matter)
        timeline.show(data, actor, matter, called)
    with right, st.container(border=True):
        st.subheader(_("One line"))
        line_view.brief(data, actor, matter)
