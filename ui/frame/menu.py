"""The menu: four verbs and their pages. It only mirrors the permission table; each page asks again.

A flow that runs in the area in view has a line under the name that the place gives it; it leads to the flow's list. A
page that nobody runs there has none, and is reached by old links alone.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from services.engine import flows
from services.matters import list_pages
from services.places.playbook import Playbook
from services.rights.permissions import Actor, may, reads_unit
from services.system.settings import ROOT
from services.words.i18n import listed
from ui.frame.text import _, language


@dataclass(frozen=True)
class Entry:
    """A page: its folder under pages/ is its section, its file name is its URL and the end of its act ``page.…``.

    ``of_unit`` is what it is called for whoever sees the matters of one unit alone. A page that is ``always`` there has
    something to show before any area is.
    """

    section: str
    name: str
    title: str
    icon: str
    visible: bool = True
    of_unit: str = ""
    always: bool = False

    @property
    def path(self) -> str:
        """The script."""
        return str(ROOT / "pages" / self.section / f"{self.name}.py")


SECTIONS = {"see": listed("See"), "work": listed("Do"), "unite": listed("Gather"), "manage": listed("Manage")}

_OF_UNIT = listed("Matters of my unit")
ENTRIES = (
    Entry("see", "overview", listed("Overview"), ":material/home:"),
    Entry("see", "map", listed("Map"), ":material/map:"),
    Entry("see", "figures", listed("Figures"), ":material/monitoring:"),
    Entry("see", "cards", listed("Mechanism cards"), ":material/style:"),
    Entry("see", "casebook", listed("Casebook"), ":material/fact_check:"),
    Entry("see", "records", listed("Records"), ":material/format_list_numbered:", visible=False),
    Entry("see", "biography", listed("Biography of a place"), ":material/history:"),
    Entry("work", "unit", listed("My unit"), ":material/assignment_ind:"),
    Entry("work", "ledger", listed("List"), ":material/list_alt:", visible=False, of_unit=_OF_UNIT),
    Entry("work", "board", listed("Board"), ":material/view_kanban:"),
    Entry("work", "calls", listed("Who was called"), ":material/campaign:", visible=False),
    Entry("work", "days", listed("Calendar"), ":material/event:"),
    Entry("work", "new", listed("New issue"), ":material/add_circle:"),
    Entry("work", "begin", listed("Begin"), ":material/add_circle:", visible=False),
    Entry("work", "matter", listed("Matter"), ":material/description:", visible=False),
    Entry("work", "meeting", listed("Meeting"), ":material/edit_note:", visible=False),
    Entry("work", "line", listed("One line"), ":material/timeline:", visible=False),
    Entry("unite", "organisations", listed("Organisations"), ":material/diversity_3:"),
    Entry("unite", "venues", listed("Venues"), ":material/location_home:"),
    Entry("unite", "estates", listed("Who governs the estates"), ":material/account_tree:"),
    Entry("unite", "posts", listed("Posts"), ":material/badge:"),
    Entry("manage", "imports", listed("Import"), ":material/upload_file:", always=True),
    Entry("manage", "setup", listed("Setup"), ":material/tune:"),
    Entry("manage", "reminders", listed("Reminders"), ":material/campaign:"),
    Entry("manage", "rules", listed("Rules"), ":material/gavel:"),
    Entry("manage", "calendar", listed("Working calendar"), ":material/calendar_month:", always=True),
    Entry("manage", "account", listed("My account"), ":material/person:", visible=False, always=True),
    Entry("manage", "accounts", listed("Accounts"), ":material/group:"),
    Entry("manage", "audit", listed("Audit"), ":material/verified_user:", always=True),
)
LIST = "ledger"
_MADE, _EVER_MADE = "menu-pages", "menu-pages-ever"


def entry(name: str) -> Entry:
    """The entry called ``name``; the list's for the address of a flow's list."""
    wanted = LIST if list_pages.flow_at(name) else name
    return next(found for found in ENTRIES if found.name == wanted)


def always(address: str) -> bool:
    """Whether the page at this address has something to show before any area is there; the first page's is empty."""
    return entry(address or ENTRIES[0].name).always


def path(name: str) -> str:
    """The script of a page, for links to it."""
    return entry(name).path


def page(name: str) -> StreamlitPage:
    """The page called ``name``, or the list of the flow at that address, for links to it."""
    return st.session_state.get(_MADE, {}).get(name) or st.Page(path(name), url_path=name)


def pages_for(actor: Actor, runs: Playbook) -> dict[str, list[StreamlitPage]]:
    """The pages this actor may open, by section, the first to begin with; some are there for links alone."""
    open_to = [found for found in ENTRIES if may(actor, f"page.{found.name}")]
    made: dict[str, tuple[str, StreamlitPage]] = {}
    for found in open_to:
        if found.name == LIST:
            made |= _lists(actor, runs)
        made[found.name] = found.section, _page(actor, found, runs, first=found is open_to[0])
    st.session_state[_MADE] = {name: one for name, (_section, one) in made.items()}
    sections = {section: [one for at, one in made.values() if at == section] for section in SECTIONS}
    return {_(SECTIONS[section]): pages for section, pages in sections.items() if pages}


def _lists(actor: Actor, runs: Playbook) -> dict[str, tuple[str, StreamlitPage]]:
    """The list of each flow, in the section its folder names; those that don't run here are there for old links."""
    found = {}
    for flow in flows.flows():
        head = flows.flow(flow).head
        section = str(head.get("section", ""))
        shown = flow in runs.flows and section in SECTIONS and not reads_unit(actor)
        icon = f":material/{head.get('icon', 'list_alt')}:"
        page = _made(entry(LIST).path, runs.name(flow, language()), icon, list_pages.address(flow), shown)
        found[list_pages.address(flow)] = section if section in SECTIONS else "work", page
    return found


def title(actor: Actor, name: str) -> str:
    """What the page is called for this person."""
    found = entry(name)
    return _(found.of_unit if found.of_unit and reads_unit(actor) else found.title)


def _page(actor: Actor, found: Entry, runs: Playbook, first: bool) -> StreamlitPage:
    visible = (found.visible or bool(found.of_unit and reads_unit(actor))) and found.name not in runs.idle
    return _made(found.path, title(actor, found.name), found.icon, found.name, visible, first)


def _made(path: str, title: str, icon: str, address: str, visible: bool, first: bool = False) -> StreamlitPage:
    """A page of the menu; this session makes each once, for making one looks its script up on the disk."""
    made: dict[tuple[object, ...], StreamlitPage] = st.session_state.setdefault(_EVER_MADE, {})
    told = path, title, icon, address, visible, first
    if told not in made:
        shown: Literal["visible", "hidden"] = "visible" if visible else "hidden"
        made[told] = st.Page(path, title=title, icon=icon, url_path=address, visibility=shown, default=first)
    return made[told]
