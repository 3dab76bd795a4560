"""A new office: what has to come in before the work can begin, in which order, and the way to each."""

from dataclasses import dataclass

import streamlit as st
from sqlmodel import Session

from services.engine import versioned_cache
from services.places import beginnings
from services.places.beginnings import Beginnings
from services.rights.permissions import Actor, may
from services.system import db
from services.words.i18n import listed
from ui.frame.links import page_link
from ui.frame.text import _

_READY = "place-known"


@dataclass(frozen=True)
class Step:
    """What has to come in: its name in ``Beginnings``, a word for it, what it is for, and the kind of its import."""

    name: str
    title: str
    why: str
    kind: str


STEPS = (
    Step(
        "areas", listed("Areas"), listed("Communities, grids and estates, with boundaries or without: a file."), "areas"
    ),
    Step(
        "organisations",
        listed("Organisations"),
        listed("Who is responsible for a matter, and who is called to it."),
        "organisations",
    ),
    Step("venues", listed("Venues"), listed("Where meetings are held."), "venues"),
    Step("forums", listed("Forums"), listed("Who deliberates, by which rules, and how many are expected."), "forums"),
    Step(
        "matters",
        listed("Ledger"),
        listed("Last year's, so that figures have something to stand on."),
        "matters",
    ),
)


def needed(actor: Actor) -> bool:
    """Whether nothing can be shown to this person yet: no area is there."""
    if st.session_state.get(_READY):
        return False
    with db.reading() as session:
        st.session_state[_READY] = beginnings.any_area(session, actor)
    return not st.session_state[_READY]


def greet(actor: Actor) -> None:
    """Instead of a page that needs a place: what is there, what isn't, and the way to each."""
    st.title(_("Welcome to Mulin"))
    if not may(actor, "page.imports"):
        st.info(
            _("Nothing is set up here yet. Ask an administrator to bring in the areas of your place."),
            icon=":material/info:",
        )
        return
    st.markdown(_("The office is empty. Bring in what follows, from top to bottom; every file can be taken back."))
    with db.reading() as session:
        _steps(beginnings.of(session))
    st.caption(_("Then make accounts for the people who work here, each with a role and an area:"))
    st.code("python manage.py user add LOGIN --name NAME --role staff --area CODE", language=None)


def remind(session: Session, actor: Actor) -> None:
    """What is still to come in, in one line, for whoever can bring it in; nothing once it is there."""
    if not may(actor, "page.imports"):
        return
    found = versioned_cache.kept(session, actor, ("beginnings",), lambda: beginnings.of(session))
    missing = [step for step in STEPS if not getattr(found, step.name)]
    if missing:
        with st.container(horizontal=True, border=True, vertical_alignment="center", key="beginnings"):
            st.markdown(_("Still to bring in:"), width="content")
            for step in missing:
                page_link("imports", _(step.title), icon=":material/upload_file:", kind=step.kind)


def _steps(found: Beginnings) -> None:
    for number, step in enumerate(STEPS, 1):
        count = getattr(found, step.name)
        with st.container(horizontal=True, border=True, vertical_alignment="center", key=f"welcome-{step.name}"):
            mark = ":material/check_circle:" if count else ":material/radio_button_unchecked:"
            with st.container(gap="xxsmall"):
                st.markdown(f"{mark} **{number}. {_(step.title)}**")
                st.caption(_(step.why))
            page_link("imports", _("Import"), icon=":material/upload_file:", kind=step.kind)
