"""The menu: four verbs and their pages. It only mirrors the permission table; each page asks again.

A flow that runs in the area in view has a line under the name that the place gives it; it leads to the flow's list.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from services.engine import flows
from services.places.playbook import Playbook
from services.rights.permissions import Actor, may
from services.system.settings import ROOT
from services.words.i18n import listed
from ui.frame.text import _, language


@dataclass(frozen=True)
class Entry:
    """A page: its folder under pages/ is its section, its file name is its URL and the end of its act ``page.…``."""

    section: str
    name: str
    title: str
    icon: str
    visible: bool = True

    @property
    def path(self) -> str:
        """The script."""
        return str(ROOT / "pages" / self.section / f"{self.name}.py")


SECTIONS = {"see": listed("See"), "work": listed("Do"), "unite": listed("Gather"), "manage": listed("Manage")}

ENTRIES = (
    Entry("see", "overview", listed("Overview"), ":material/home:"),
    Entry("see", "map", listed("Map"), ":material/map:"),
    Entry("see", "figures", listed("Figures"), ":material/monitoring:"),
    Entry("see", "cards", listed("Mechanism cards"), ":material/style:"),
    Entry("see", "biography", listed("Biography of a place"), ":material/history:"),
    Entry("work", "ledger", listed("List"), ":material/list_alt:", visible=False),
    Entry("work", "board", listed("Board"), ":material/view_kanban:"),
    Entry("work", "days", listed("Calendar"), ":material/event:"),
    Entry("work", "new", listed("New issue"), ":material/add_circle:"),
    Entry("work", "matter", listed("Matter"), ":material/description:", visible=False),
    Entry("work", "meeting", listed("Meeting"), ":material/edit_note:", visible=False),
    Entry("work", "line", listed("One line"), ":material/timeline:", visible=False),
    Entry("unite", "organisations", listed("Organisations"), ":material/diversity_3:"),
    Entry("manage", "imports", listed("Import"), ":material/upload_file:"),
    Entry("manage", "reminders", listed("Reminders"), ":material/campaign:"),
    Entry("manage", "rules", listed("Rules"), ":material/gavel:"),
    Entry("manage", "calendar", listed("Working calendar"), ":material/calendar_month:"),
    Entry("manage", "audit", listed("Audit"), ":material/verified_user:"),
)
LIST = "ledger"


def url_of(flow: str) -> str:
    """The address of a flow's list, such as ``issues``."""
    return f"{flow}s"


def flow_at(url: str) -> str:
    """The flow whose list stands at this address; nothing where none does."""
    return next((flow for flow in flows.flows() if url_of(flow) == url), "")


def entry(name: str) -> Entry:
    """The entry called ``name``; the list's for the address of a flow's list."""
    wanted = LIST if flow_at(name) else name
    return next(found for found in ENTRIES if found.name == wanted)


def path(name: str) -> str:
    """The script of a page, for links to it."""
    return entry(name).path


def page(name: str) -> StreamlitPage:
    """The page called ``name``, or the list of the flow at that address, for links to it."""
    return st.Page(path(name), url_path=name, default=name == "overview")


def pages_for(actor: Actor, runs: Playbook) -> dict[str, list[StreamlitPage]]:
    """The pages this actor may open, by section; those without a menu line are there for links."""
    menu: dict[str, list[StreamlitPage]] = {section: [] for section in SECTIONS}
    for found in ENTRIES:
        if may(actor, f"page.{found.name}"):
            if found.name == LIST:
                _lists(menu, runs)
            menu[found.section].append(_page(found))
    return {_(SECTIONS[section]): pages for section, pages in menu.items() if pages}


def _lists(menu: dict[str, list[StreamlitPage]], runs: Playbook) -> None:
    # Links to the list of a flow that doesn't run here must end in a page that says so, hence one for each.
    for flow in flows.flows():
        head = flows.flow(flow).head
        section, shown = str(head.get("section", "")), flow in runs.flows
        menu[section if section in SECTIONS else "work"].append(
            st.Page(
                entry(LIST).path,
                title=runs.name(flow, language()),
                icon=f":material/{head.get('icon', 'list_alt')}:",
                url_path=url_of(flow),
                visibility="visible" if shown and section in SECTIONS else "hidden",
            )
        )


def _page(found: Entry) -> StreamlitPage:
    shown: Literal["visible", "hidden"] = "visible" if found.visible else "hidden"
    return st.Page(
        found.path,
        title=_(found.title),
        icon=found.icon,
        url_path=found.name,
        visibility=shown,
        default=found.name == "overview",
    )
