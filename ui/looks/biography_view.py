"""The biography of a place on the screen: what happened, by month; each line leads to its matter and its line."""

from html import escape
from itertools import groupby

import streamlit as st

from models.event import Event
from models.matter import Matter
from services.looks import biography, biography_addresses
from services.looks.biography import Entry, Page
from services.places.playbook import Playbook
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame import filters, url
from ui.frame.text import _, language, term
from ui.matter import timeline

_NOTE = 160


def bar() -> None:
    """What is asked: a text, a kind of event and a period; all in the URL."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="biography-bar"):
        filters.text_search()
        st.selectbox(
            _("What happened"),
            biography.KINDS,
            key=url.recall("kind", biography.KINDS),
            on_change=url.keep,
            args=("kind",),
            format_func=_kind,
            placeholder=_("What happened"),
            label_visibility="collapsed",
            width=170,
        )
        st.date_input(_("Happened from"), value=None, key="from", bind="query-params", format="YYYY-MM-DD", width=150)
        st.date_input(_("Happened until"), value=None, key="to", bind="query-params", format="YYYY-MM-DD", width=150)


def _kind(code: str) -> str:
    return term("biography", code) if code in ("note", "import", "area") else term("station", code)


def show(actor: Actor, page: Page, runs: Playbook) -> None:
    """Draw the page by month, and the way further back."""
    lines = may(actor, "page.line")
    months = groupby(page.entries, key=lambda entry: clock.month_of(entry.at))
    drawn = "".join(_month(month, page) + "".join(_entry(one, runs, lines) for one in some) for month, some in months)
    st.html(f'{_STYLE}<div class="mulin-life">{drawn}</div>')


def ways(page: Page) -> None:
    """Back to the newest, and further back; says so where the log was read far and little was found."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if "before" in st.query_params:
            st.button(_("Back to the newest"), icon=":material/first_page:", on_click=_go, args=("",))
        if page.older:
            label = _("Look further back") if page.short else _("Older")
            asked = biography_addresses.written(page.older)
            st.button(label, icon=":material/history:", on_click=_go, args=(asked,), key="biography-older")
    if page.short and page.older:
        day = clock.local(page.older[0]).date().isoformat()
        st.caption(_("Looked through back to {day}.", day=day))


def _go(before: str) -> None:
    if before:
        st.query_params["before"] = before
    else:
        st.query_params.pop("before", None)


def _month(month: int, page: Page) -> str:
    number = page.months.get(month)
    told = "" if number is None else f"{number:,}"
    said = _("{count} entries", count=told) if page.counts_entries else _("{count} raised", count=told)
    said = said if told else ""
    return f"<h3>{clock.month_label(month)} <small>{escape(said)}</small></h3>"


def _entry(entry: Entry, runs: Playbook, lines: bool) -> str:
    at = f"{clock.local(entry.at):%m-%d %H:%M}"
    if entry.event is None or entry.matter is None:
        return f"<article><time>{at}</time><div>{_import(entry)}</div></article>"
    event, matter = entry.event, entry.matter
    words = (runs.name(matter.flow, language()), entry.area, matter.number, event.actor)
    whole = escape(_("One line"))
    line = f'<a href="/line?no={escape(matter.number)}" data-go="on">{whole}</a>' if lines else ""
    return (
        f"<article><time>{at}</time><div><b>{escape(timeline.title(matter.flow, event))}</b> {_moved(matter, event)}"
        f'<a class="title" href="/matter?no={escape(matter.number)}" data-go="on">{escape(matter.title)}</a>'
        f"{_note(event)}<small>{escape(' · '.join(filter(None, words)))} {line}</small></div></article>"
    )


def _moved(matter: Matter, event: Event) -> str:
    if not event.to_state or event.from_state == event.to_state:
        return ""
    return f"<i>→ {escape(term(f'state.{matter.flow}', event.to_state))}</i> "


def _note(event: Event) -> str:
    if not event.note:
        return ""
    short = event.note if len(event.note) <= _NOTE else f"{event.note[:_NOTE]}…"
    return f"<p>{escape(short)}</p>"


def _import(entry: Entry) -> str:
    batch = entry.batch
    if batch is None:
        return ""
    told = [_("{count} new, {changed} changed", count=f"{batch.new:,}", changed=f"{batch.changed:,}")]
    told += [_("{count} areas", count=f"{entry.areas:,}")] if entry.areas else []
    told += [_("taken back on {day}", day=clock.local(batch.undone_at).date().isoformat())] if batch.undone_at else []
    kind = term("import_kind", batch.kind)
    title = _("Import: {kind}", kind=kind)
    head = f"<b>{escape(title)}</b> {escape(batch.file)}"
    return f"{head}<small>{escape(' · '.join((*told, batch.actor)))}</small>"


_STYLE = """<style>
.mulin-life h3{font-size:1rem;margin:1.1rem 0 .2rem;padding:0}
.mulin-life h3 small{display:inline;font-weight:400;color:#6b6259;font-size:.82rem}
.mulin-life article{display:grid;grid-template-columns:6.2rem 1fr;gap:.6rem;padding:.5rem 0;
border-bottom:1px solid #E4DFD8;font-size:.92rem}
.mulin-life time{color:#6b6259;font-variant-numeric:tabular-nums}
.mulin-life i{font-style:normal;color:#2F6B7E}
.mulin-life p{margin:.1rem 0;color:#22262B;font-size:.88rem}
.mulin-life article small{display:block;color:#6b6259}
.mulin-life a{color:inherit}.mulin-life a.title{text-decoration:none;font-weight:500}
.mulin-life a:hover{text-decoration:underline}.mulin-life a:focus-visible{outline:2px solid #A61E22}
@media (max-width:640px){.mulin-life article{grid-template-columns:1fr;gap:.1rem}
.mulin-life a{display:inline-block;min-height:32px}}
</style>"""
