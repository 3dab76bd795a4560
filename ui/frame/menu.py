"""The menu: four verbs and their pages. It only mirrors the permission table; each page asks again."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from services.rights.permissions import Actor, may
from services.system.settings import ROOT
from services.words.i18n import listed
from ui.frame.text import _


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
    Entry("work", "issues", listed("Issues"), ":material/list_alt:"),
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
    """The pages this actor may open, by section; those without a menu line are there for links."""
    menu: dict[str, list[StreamlitPage]] = {}
    for found in ENTRIES:
        if may(actor, f"page.{found.name}"):
            menu.setdefault(_(SECTIONS[found.section]), []).append(_page(found))
    return menu


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
