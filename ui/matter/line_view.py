"""One line on the screen: the stations in order, each with shape, word and date, and where it is broken."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.lines import lines
from services.lines.broken_lines import Break
from services.lines.lines import Line, Stage
from services.rights.permissions import Actor, may
from services.words.i18n import listed
from ui.frame import blocks
from ui.frame.links import matter_link
from ui.frame.text import _, day, term
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
_SIGNS = {"done": "✓", "current": "◉", "waiting": "○", "broken": "✗", "skipped": "–"}
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
    """The line in a side column, as one block: a row a station, the other matters on it, the way to its page."""
    line = lines.of(session, actor, matter)
    stations = "".join(blocks.wrapped("li", _station(stage)) for stage in line.stages)
    _breaks(line)
    others = [
        blocks.link("matter", blocks.text("span", f"{one.number} {one.title}"), "mulin-way", no=one.number)
        for one in _others(line, matter)[:_MOST]
    ]
    whole_line = blocks.text("span", _("The whole line"))
    way = blocks.link("line", whole_line, "mulin-way", no=matter.number) if may(actor, "page.line") else ""
    blocks.draw(blocks.wrapped("ol", stations, "mulin-stations"), blocks.listed(others, "mulin-cards"), way)


def _station(stage: Stage) -> str:
    # The sign is for the eye; in words the standing is said where no day is.
    sign = f'<span class="mark" aria-hidden="true">{_SIGNS[stage.standing]}</span>'
    when = blocks.text("span", _when(stage), "mulin-quiet red" if stage.standing == "broken" else "mulin-quiet")
    return f"{sign}{blocks.text('b', _(_STATIONS[stage.code]))} {when}"


def _others(line: Line, matter: Matter) -> list[Matter]:
    """The other matters on the line and what hangs on them, in the order of the line."""
    found = {one.id: one for one in (*line.matters, *(one for stage in line.stages for one in stage.matters))}
    return [one for one in found.values() if one.id != matter.id]


def _when(stage: Stage) -> str:
    said = day(stage.at) if stage.at else ""
    standing = "" if said and stage.standing == "done" else _(_STANDINGS[stage.standing])
    return " ".join(filter(None, (said, standing)))


def _breaks(line: Line) -> None:
    for gap in line.breaks:
        st.error(f"{_(gap.message, **gap.params)} ({gap.number})", icon=":material/link_off:")


def broken(gap: Break) -> str:
    """A line that has broken, as a card that leads to it."""
    broken_here = _("broken here")
    said = blocks.badge(f"✗ {broken_here}", "red") + blocks.text("small", _(gap.message, **gap.params))
    return blocks.link("line", blocks.text("b", gap.title) + said, "mulin-card", no=gap.number)


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
