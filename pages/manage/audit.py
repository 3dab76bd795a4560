import pandas as pd
import streamlit as st

from services.matters import audit_trail
from services.places import areas
from services.system import db
from ui.desk import anchor_sheet, chain_check
from ui.frame import exports, filters, session
from ui.frame.text import _, moment, term
from ui.matter import number_column, timeline

actor = session.require("page.audit")

with db.reading() as data:
    # An office without an area has its log all the same.
    here = filters.scope(data, actor) if areas.roots(data, actor) else None
    if here:
        filters.switch(data, actor, here)
    st.title(_("Audit"))
    chain_check.show(actor)
    anchor_sheet.show(actor)
    matters, system = st.tabs([_("On matters"), _("Outside matters")])
    with matters:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            who = st.selectbox(
                _("Who"), audit_trail.actors(data, actor), index=None, placeholder=_("Everybody"), key="who", width=260
            )
            if here:
                exports.buttons(actor, "audit", here, who=who or "")
        found = audit_trail.events(data, actor, here.path if here else actor.area_path, who or "", 200)
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        "at": moment(event.at),
                        "actor": event.actor,
                        "what": timeline.title(matter.flow, event),
                        "number": matter.number,
                        "title": matter.title,
                        "to": term(f"state.{matter.flow}", event.to_state),
                    }
                    for event, matter in found
                ],
                columns=["at", "actor", "what", "number", "title", "to"],
            ),
            hide_index=True,
            placeholder="–",
            column_config={
                "at": _("When"),
                "actor": _("Who"),
                "what": _("What"),
                "title": _("Title"),
                "to": _("State"),
                "number": number_column.column(_("Number"), "trail"),
            },
        )
        number_column.follow("trail")
    with system:
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            if here:
                exports.buttons(actor, "audit_lines", here)
            exports.everything(actor)
        st.dataframe(
            pd.DataFrame(
                [
                    {
                        _("When"): moment(line.at),
                        _("Who"): line.actor,
                        _("What"): term("act", line.act),
                        _("Subject"): audit_trail.subject(line),
                    }
                    for line in audit_trail.lines(data, actor)
                ]
            ),
            hide_index=True,
            placeholder="–",
        )
