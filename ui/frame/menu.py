"""The menu: four verbs and their pages. It only mirrors the permission table; each page asks again."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from services.rights.permissions import Actor, may, reads_unit
from services.system.settings import ROOT
from services.words.i18n import listed
from ui.frame.text import _


@dataclass(frozen=True)
class Entry:
    """A page: its folder under pages/ is its section, its file name is its URL and the end of its act ``page.…``.

    ``of_unit`` is what it is called for whoever sees the matters of one unit alone.
    """

    section: str
    name: str
    title: str
    icon: str
    visible: bool = True
    of_unit: str = ""

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
    Entry("work", "unit", listed("My unit"), ":material/assignment_ind:"),
    Entry("work", "issues", listed("Issues"), ":material/list_alt:", of_unit=listed("Matters of my unit")),
    Entry("work", "deliberations", listed("Deliberations"), ":material/groups:"),
    Entry("work", "new", listed("New issue"), ":material/add_circle:"),
    Entry("work", "begin", listed("Begin"), ":material/add_circle:", visible=False),
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


def entry(name: str) -> Entry:
    """The entry called ``name``."""
    return next(found for found in ENTRIES if found.name == name)


def path(name: str) -> str:
    """The script of a page, for links to it."""
    return entry(name).path


def pages_for(actor: Actor) -> dict[str, list[StreamlitPage]]:
    """The pages this actor may open, by section, the first to begin with; some are there for links alone."""
    menu: dict[str, list[StreamlitPage]] = {}
    open_to = [found for found in ENTRIES if may(actor, f"page.{found.name}")]
    for found in open_to:
        menu.setdefault(_(SECTIONS[found.section]), []).append(_page(actor, found, first=found is open_to[0]))
    return menu


def title(actor: Actor, name: str) -> str:
    """What the page is called for this person."""
    found = entry(name)
    return _(found.of_unit if found.of_unit and reads_unit(actor) else found.title)


def _page(actor: Actor, found: Entry, first: bool) -> StreamlitPage:
    shown: Literal["visible", "hidden"] = "visible" if found.visible else "hidden"
    return st.Page(
        found.path,
        title=title(actor, found.name),
        icon=found.icon,
        url_path=found.name,
        visibility=shown,
        default=first,
    )
