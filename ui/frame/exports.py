"""Exports on the screen: plain links that take the list in view along, with exactly the filter in the address."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from services.exporting.file_jobs import MOST_IN_A_WORKBOOK
from services.exporting.lists import lists
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from ui.frame.text import _, term

# What a page keeps in its address beside the question itself.
_NOT_ASKED = ("area", "page")
_STYLE = """<style>
.mulin-take{display:flex;gap:.5rem;align-items:center;flex-wrap:wrap}
.mulin-take a{display:inline-flex;align-items:center;min-height:2.5rem;padding:0 .8rem;border:1px solid #D9D2C8;
border-radius:.5rem;color:inherit;text-decoration:none;font-size:.9rem;white-space:nowrap;background:#fff}
.mulin-take a:hover{border-color:#A61E22;color:#A61E22}
.mulin-take a:focus-visible{outline:2px solid #A61E22;outline-offset:2px}
@media (max-width:640px){.mulin-take a{min-height:44px}}
@media print{.mulin-take{display:none}}
</style>"""


def buttons(actor: Actor, name: str, here: Scope, **asked: str) -> None:
    """The list called ``name`` as a workbook and as CSV. ``asked`` is what the page asks beyond its address."""
    if not lists.offered(actor, name):
        return
    limit = _("Up to {most} rows; longer lists as CSV.", most=f"{MOST_IN_A_WORKBOOK:,}")
    links = (
        _link(f"/export/{name}.xlsx", here, asked, _("Export Excel"), limit),
        _link(f"/export/{name}.csv", here, asked, "CSV", _("All rows as plain text, for other programs.")),
    )
    st.html(link_row(*links), width="content")


def link_row(*links: str) -> str:
    """Links as they stand in a row of buttons."""
    return f'{_STYLE}<div class="mulin-take">{"".join(links)}</div>'


def everything(actor: Actor) -> None:
    """All records as one archive, for whoever may."""
    if may(actor, "export.full", actor.area_path):
        title = _("An archive that fills an empty database. Without passwords.")
        label = escape(_("Export everything"))
        link = f'<a href="/export/all.zip" target="_self" title="{escape(title)}">{label}</a>'
        st.html(link_row(link), width="content")


def template(kind: str, slug: str) -> None:
    """The empty workbook of a kind of import, with the words of the place ``slug``; of no place where it is empty."""
    path = f"/template/{kind}.xlsx" + (f"?{urlencode({'place': slug})}" if slug else "")
    title = _("An empty workbook with the right columns and words to choose from.")
    label = _("Template: {kind}", kind=term("import_kind", kind))
    link = f'<a href="{escape(path)}" target="_self" title="{escape(title)}">{escape(label)}</a>'
    st.html(link_row(link), width="content")


def _link(path: str, here: Scope, asked: dict[str, str], label: str, title: str) -> str:
    said = {key: value for key, value in st.query_params.items() if key not in _NOT_ASKED}
    wanted = urlencode(said | {key: value for key, value in asked.items() if value} | {"area": here.code})
    return f'<a href="{escape(f"{path}?{wanted}")}" target="_self" title="{escape(title)}">{escape(label)}</a>'
