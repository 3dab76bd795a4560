"""Topics 议题 on the screen: the meetings ahead, the stages with their counts, and one row a topic."""

import streamlit as st

from models.matter import Matter
from services.engine import flows
from services.engine.telling import Sitting
from services.flows.deliberation.topics import Topic
from services.lines.broken_lines import Break
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame import filters, url
from ui.frame.links import matter_link, page_link
from ui.frame.text import _, day, md, moment, term
from ui.matter.matter_tables import clock_badge

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


def bar(forums: dict[str, str]) -> str:
    """The filter's widgets and the choice of a forum, each kept in the URL; returns the forum's code or nothing."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width="content"):
            filters.bar("deliberation", ("text", "clock", "category"))
        chosen = st.selectbox(
            _("Forum"),
            list(forums),
            key=url.recall("forum", list(forums)),
            on_change=url.keep,
            args=("forum",),
            format_func=lambda code: forums.get(code, code),
            placeholder=_("All forums"),
            label_visibility="collapsed",
            width=240,
        )
    return chosen or ""


def open_stages() -> list[str]:
    """The states in which a topic still waits for somebody, in the order of the main path."""
    return flows.states_of_kind("deliberation", *flows.OPEN_KINDS)


def stages(counts: dict[str, int]) -> None:
    """The stages with their counts; choosing one keeps it in the URL, where the filter finds it."""
    shown = [state.code for state in flows.states("deliberation").values() if state.is_open or counts.get(state.code)]
    st.pills(
        _("Stage"),
        shown,
        key=url.recall("state", shown),
        on_change=url.keep,
        args=("state",),
        label_visibility="collapsed",
        format_func=lambda code: f"{term('state.deliberation', code)} {counts.get(code, 0)}",
    )


def row(actor: Actor, topic: Topic) -> None:
    """One topic: its title leads to its page, and its meeting to the recorder."""
    matter = topic.matter
    with st.container(border=True, gap="xxsmall", key=f"topic-{matter.number}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            matter_link(matter)
            record(actor, matter)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.badge(term("state.deliberation", matter.state), color="blue" if matter.is_open else "gray")
            clock_badge(topic.standing)
            st.caption(md(" · ".join(filter(None, (topic.forum, topic.area, day(matter.due_at), matter.number)))))
