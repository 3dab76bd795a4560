"""Topics 议题 on the screen: the meetings ahead, and the lines that have broken."""

import streamlit as st

from models.matter import Matter
from services.engine.telling import Sitting
from services.lines.broken_lines import Break
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame.links import matter_link, page_link
from ui.frame.text import _, md, moment

AT_TABLE = ("notified", "meeting")


def sittings(actor: Actor, found: list[Sitting]) -> None:
    """Meetings of today and the coming week, each with the way to its recorder."""
    if not found:
        st.caption(_("No meeting in the coming seven days."))
        return
    with st.grid(min_column_width=290, gap="small", key="sittings"):
        for sitting in found:
            with st.container(border=True, gap="xxsmall", key=f"sitting-{sitting.matter.number}"):
                _sitting(actor, sitting)


def _sitting(actor: Actor, sitting: Sitting) -> None:
    starts = clock.local(sitting.at)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        when = _("Today {time}", time=f"{starts:%H:%M}") if starts.date() == clock.today() else moment(starts)
        st.markdown(f"**{md(when)}**")
        if sitting.running:
            st.badge(_("Running"), icon=":material/radio_button_checked:", color="red")
        record(actor, sitting.matter)
    matter_link(sitting.matter)
    st.caption(md(" · ".join(sitting.where)))


def record(actor: Actor, topic: Matter) -> None:
    """The way to the recorder, while there is a meeting to record and for those who may."""
    if topic.state in AT_TABLE and may(actor, "page.meeting"):
        page_link("meeting", _("Record the meeting"), icon=":material/edit_note:", no=topic.number)


def breaks(found: list[Break]) -> None:
    """Lines that have broken, each leading to its line."""
    for gap in found:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            page_link("line", md(gap.title), icon=":material/link_off:", no=gap.number)
            st.caption(_(gap.message, **gap.params))
