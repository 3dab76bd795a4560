"""A new office: what has to come in before the work can begin, in which order, and the way to each."""

from dataclasses import dataclass

import streamlit as st
from sqlmodel import Session

from services.engine import flows
from services.matters import list_pages
from services.places import beginnings
from services.rights.permissions import Actor, may
from services.setup import place_setup
from services.system import db
from services.words import vocabulary
from services.words.i18n import listed
from ui.frame import flows_here
from ui.frame.links import page_link
from ui.frame.session import announce, commit
from ui.frame.text import _, term

_READY = "place-known"


@dataclass(frozen=True)
class Step:
    """What has to be there: its name in ``Beginnings``, a word for it, what it is for.

    ``typed`` is the page it is typed on; ``kind`` is what it is called there, and the kind of file that brings it in.
    """

    name: str
    title: str
    why: str
    typed: str
    kind: str = ""


STEPS = (
    Step(
        "areas",
        listed("Areas"),
        listed("Communities, grids and estates, with boundaries or without."),
        "setup",
        "areas",
    ),
    Step(
        "organisations",
        listed("Organisations"),
        listed("Who is responsible for a matter, and who is called to it."),
        "setup",
        "organisations",
    ),
    Step(
        "forums",
        listed("Forums"),
        listed("Who deliberates, by which rules, and how many are expected."),
        "setup",
        "forums",
    ),
    Step("venues", listed("Venues"), listed("Where meetings are held."), "setup", "venues"),
    Step("accounts", listed("Accounts"), listed("Who works here, each with a role and an area."), "accounts"),
)
_LEDGER = "matters"
_NAME, _LEVEL, _PREFIX = "place-name-typed", "place-level-typed", "place-prefix-typed"


def needed(actor: Actor) -> bool:
    """Whether nothing can be shown to this person yet: no area is there."""
    if st.session_state.get(_READY):
        return False
    with db.reading() as session:
        st.session_state[_READY] = beginnings.any_area(session, actor)
    return not st.session_state[_READY]


def greet(actor: Actor) -> None:
    """Instead of a page that needs a place: its name, what has to be there then, and the way to each."""
    st.title(_("Welcome to Mulin"))
    if not may(actor, "page.imports") or actor.area_path:
        st.info(
            _("Nothing is set up here yet. Ask an administrator to bring in the areas of your place."),
            icon=":material/info:",
        )
        return
    st.markdown(_("The office is empty. Name your place and begin; type the rest, or bring it in as files."))
    _place()
    for number, step in enumerate(STEPS, 1):
        with st.container(horizontal=True, border=True, vertical_alignment="center", key=f"welcome-{step.name}"):
            with st.container(gap="xxsmall"):
                st.markdown(f"**{number}. {_(step.title)}**")
                st.caption(_(step.why))
            if step.kind:
                page_link("imports", _("Import"), icon=":material/upload_file:", kind=step.kind)
    page_link("imports", _("Ledger"), icon=":material/upload_file:", kind=_LEDGER)


def _place() -> None:
    levels = vocabulary.codes("level")[:-1]
    with st.container(horizontal=True, border=True, vertical_alignment="bottom", key="welcome-place"):
        st.text_input(_("Name of the place"), key=_NAME, max_chars=64, width=260)
        st.selectbox(
            _("Level"),
            levels,
            index=levels.index("street") if "street" in levels else 0,
            key=_LEVEL,
            format_func=lambda code: term("level", code),
            width=150,
        )
        st.text_input(
            _("Prefix of its numbers"),
            key=_PREFIX,
            max_chars=8,
            width=180,
            help=_("With QS the first matter is called QS-2026-000001. Letters and digits."),
        )
        st.button(_("Begin"), key="welcome-begin", type="primary", on_click=_begin)


def _begin() -> None:
    name, level, prefix = (str(st.session_state.get(key) or "") for key in (_NAME, _LEVEL, _PREFIX))
    made = commit(place_setup.begin, name, level, prefix)
    if made is not None:
        announce(listed("{name} is there. Go on with its areas."), name=made.name)


def remind(session: Session, actor: Actor) -> None:
    """What has still to be there, in one line, for whoever can type it; then the way to the first matter."""
    if not may(actor, "page.begin") and not may(actor, "page.setup"):
        return
    found = beginnings.of(session)
    missing = [step for step in STEPS if not getattr(found, step.name) and may(actor, f"page.{step.typed}")]
    if not missing and found.matters:
        return
    with st.container(horizontal=True, border=True, vertical_alignment="center", key="beginnings"):
        if missing:
            st.markdown(_("Still to set up:"), width="content")
            for step in missing:
                asked = {"what": step.kind} if step.kind else {}
                page_link(step.typed, _(step.title), icon=":material/tune:", **asked)
        elif not _first(actor):
            st.markdown(_("Everything is set up. A secretary or a member of staff now begins the first matter."))


def _first(actor: Actor) -> bool:
    """The way to the first matter of each flow that begins in a forum; whether this person may begin any."""
    begun = [flow for flow in flows.flows() if flows.flow(flow).part("begin").get("area") == "forum"]
    mine = [flow for flow in begun if may(actor, flows.birth(flow).act, actor.area_path)]
    for flow in mine:
        page, more = list_pages.page(flow)
        page_link(page, _("Begin the first: {flow}", flow=flows_here.name(flow)), icon=":material/forum:", **more)
    return bool(mine)
