"""Reminder sheets 催办单: on the screen, on A4, and as text for a chat."""

from html import escape

import streamlit as st

from services.lines import reminder_text
from services.lines.reminders import KINDS, LISTED, Entry, Sheet
from ui.frame.text import _, day, language, moment, term
from ui.matter.matter_tables import CLOCK_SHAPES


def show(sheet: Sheet, place: str, first: bool) -> None:
    """One sheet, as it will be printed, and its text to copy; all but the ``first`` begin a page of their own."""
    st.html(_sheet(sheet, place, "" if first else " follows"))
    label, key = _("Text for a chat (no titles, no names)"), f"chat-{sheet.owing.code}"
    with st.expander(label, icon=":material/content_copy:", key=key):
        st.code(reminder_text.text(sheet, language()), language=None, wrap_lines=True)


def style() -> None:
    """How sheets look; on paper each begins a page of its own, and nothing else is printed."""
    st.html(_STYLE)


def _sheet(sheet: Sheet, place: str, follows: str) -> str:
    tongue, owing = language(), sheet.owing
    counts = " · ".join(
        f"{reminder_text.kind(kind, tongue)} <b>{owing.counts[kind]}</b>" for kind in KINDS if owing.counts[kind]
    )
    heads = (_("Number"), _("What"), _("Area"), _("Due"), _("Clock"), _("State"))
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(map(_row, sheet.entries))
    more = sum(owing.counts.values()) > LISTED and len(sheet.entries) == LISTED
    rest = _("The {count} most urgent are listed.", count=LISTED) if more else ""
    title, please = _("Reminder"), _("Please deal with these and report in the program.")
    return (
        f'<section class="mulin-sheet{follows}"><h2>{escape(title)}</h2>'
        f"<p class=to><b>{escape(reminder_text.name(owing, tongue))}</b><span>{counts}</span></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{escape(rest)} {escape(please)}</p>"
        f"<p class=from>{escape(place)}<br>{escape(moment(sheet.at))}</p></section>"
    )


def _row(entry: Entry) -> str:
    matter, tongue = entry.row.matter, language()
    clock = f"{CLOCK_SHAPES[entry.row.standing]} {reminder_text.standing(entry, tongue)}"
    state = reminder_text.kind("to_sign", tongue) if entry.to_sign else term(f"state.{matter.flow}", matter.state)
    due = matter.due_at or matter.hold_until
    number = escape(matter.number)
    cells = (matter.title, entry.where, day(due), clock, state)
    link = f'<a href="/matter?no={number}" data-go="on">{number}</a>'
    return f"<tr><td>{link}</td>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


_STYLE = """<style>
.mulin-sheet{background:#fff;border:1px solid #E4DFD8;border-radius:6px;padding:1.4rem 1.6rem;max-width:980px;
overflow-x:auto;color:#22262B}
.mulin-sheet h2{text-align:center;font-size:1.35rem;letter-spacing:.35em;padding:0 0 .6rem;margin:0}
.mulin-sheet .to{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;justify-content:space-between}
.mulin-sheet table{width:100%;border-collapse:collapse;font-size:.86rem;margin:.4rem 0 .8rem}
.mulin-sheet th,.mulin-sheet td{border:1px solid #CFC8BF;padding:.32rem .5rem;text-align:left;vertical-align:top}
.mulin-sheet th{background:#F6F2ED;font-weight:600;white-space:nowrap}
.mulin-sheet td:nth-child(1),.mulin-sheet td:nth-child(4){white-space:nowrap}
.mulin-sheet a{color:inherit}
.mulin-sheet .from{text-align:right}
@media screen and (max-width:640px){
.mulin-sheet{padding:1rem}.mulin-sheet thead{display:none}
.mulin-sheet tr{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;padding:.5rem 0;
border-top:1px solid #E4DFD8}
.mulin-sheet td{border:0;padding:0}.mulin-sheet td:nth-child(2){grid-column:1/-1;grid-row:1;font-weight:600}
}
@media print{
@page{size:A4;margin:16mm}
body *{visibility:hidden}
.mulin-sheet,.mulin-sheet *{visibility:visible}
[data-testid=stSidebar],[data-testid=stHeader],[data-testid=stToolbar],.st-key-not-printed,[data-testid=stExpander],
[data-testid=stCaptionContainer]{display:none!important}
[data-testid=stApp],[data-testid=stMain],[data-testid=stAppViewContainer],section.stMain{position:static!important;
height:auto!important;overflow:visible!important;display:block!important}
[data-testid=stMainBlockContainer]{padding:0!important;max-width:none!important}
.mulin-sheet{border:0;padding:0;max-width:none}
.mulin-sheet.follows{break-before:page}
.mulin-sheet tr{break-inside:avoid}.mulin-sheet thead{display:table-header-group}
}
</style>"""
