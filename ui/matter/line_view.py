"""One line on the screen: the stations in order, each with shape, word and date, and where it is broken."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import flows
from services.lines import lines
from services.lines.lines import Line, Stage
from services.rights.permissions import Actor, may
from services.words.i18n import listed
from ui.frame.links import matter_link, page_link
from ui.frame.text import _, day, md, term
from ui.matter import entered_values

_STATIONS = {
    "raised": listed("Raised"),
    "discussed": listed("Discussed"),
    "decided": listed("Decided"),
    "publicised": listed("Made public"),
    "acted": listed("Done"),
    "judged": listed("Judged"),
}
_ICONS = {
    "done": ":material/check_circle:",
    "current": ":material/radio_button_checked:",
    "waiting": ":material/radio_button_unchecked:",
    "broken": ":material/link_off:",
    "skipped": ":material/remove:",
}
_STANDINGS = {
    "done": listed("done"),
    "current": listed("here now"),
    "waiting": listed("to come"),
    "broken": listed("broken here"),
    "skipped": listed("not needed"),
}

# A side column has room for so many; the page of the line has all.
_MOST = 6


def brief(session: Session, actor: Actor, matter: Matter) -> None:
    """The line in a side column: one row a station."""
    line = lines.of(session, actor, matter)
    for stage in line.stages:
        st.markdown(f"{_ICONS[stage.standing]} **{_(_STATIONS[stage.code])}** {_when(stage)}")
    _breaks(line)
    for other in _others(line, matter)[:_MOST]:
        matter_link(
            other, f"{other.number} {other.title}", icon=f":material/{flows.flow(other.flow).head.get('icon')}:"
        )
    if may(actor, "page.line"):
        page_link("line", _("The whole line"), icon=":material/timeline:", no=matter.number)


def _others(line: Line, matter: Matter) -> list[Matter]:
    """The other matters on the line and what hangs on them, in the order of the line."""
    found = {one.id: one for one in (*line.matters, *(one for stage in line.stages for one in stage.matters))}
    return [one for one in found.values() if one.id != matter.id]


def _when(stage: Stage) -> str:
    said = day(stage.at) if stage.at else _(_STANDINGS[stage.standing])
    colour = "red" if stage.standing == "broken" else "gray"
    return f":{colour}[{md(said)}]"


def _breaks(line: Line) -> None:
    for gap in line.breaks:
        st.error(f"{_(gap.message, **gap.params)} ({gap.number})", icon=":material/link_off:")


def whole(line: Line) -> None:
    """The line on its own page: a card a station, with everything that hangs on it."""
    _breaks(line)
    for stage in line.stages:
        with st.container(border=True, key=f"station-{stage.code}", gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                st.markdown(f"{_ICONS[stage.standing]} **{_(_STATIONS[stage.code])}**")
                st.caption(f"{_(_STANDINGS[stage.standing])} {day(stage.at)}")
            _content(stage)


def _content(stage: Stage) -> None:
    for matter in stage.matters:
        with st.container(horizontal=True, vertical_alignment="center"):
            matter_link(matter, f"{matter.number} {matter.title}")
            st.caption(term(f"state.{matter.flow}", matter.state))
    if stage.text and not stage.matters:
        st.text(stage.text)
    if stage.told.entered:
        st.text(entered_values.all_of(stage.flow, stage.told.entered, {}))
    if stage.told.message:
        st.caption(_(stage.told.message, **stage.told.params))
    if stage.code == "discussed" and stage.standing == "skipped":
        st.caption(_("Handled directly: no deliberation was needed."))
