"""Flows here: those that run in the area in view, under the names the place gives them, and the one a page is about."""

import streamlit as st
from sqlmodel import Session

from services.engine import flows
from services.matters import list_addresses
from services.places import areas, playbook
from services.places.areas import Scope
from services.places.playbook import Playbook
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import NotFound
from services.words.cleaning import clean
from ui.frame import menu, url
from ui.frame.text import _, language

_AT = "page-at"


def in_view(actor: Actor) -> Playbook:
    """What the place in view runs, for the menu; all flows where no place is loaded yet."""
    with db.reading() as session:
        return playbook.of(session, _path(session, actor))


def _path(session: Session, actor: Actor) -> str:
    asked = clean(st.query_params.get("area")) or st.session_state.get("area")
    for code in (asked, None):
        try:
            return areas.scope(session, actor, code).path
        except NotFound:
            continue
    return actor.area_path


def remember(page_url: str) -> None:
    """Note at which address this run's page stands: the list of each flow has one of its own."""
    st.session_state[_AT] = page_url


def of(session: Session, here: Scope) -> Playbook:
    """What runs in the area in view."""
    return playbook.of(session, here.path)


def asked(runs: Playbook) -> str:
    """The flow the page is about: the address's, else that of the list at this address, else the first."""
    at = menu.flow_at(str(st.session_state.get(_AT, "")))
    return list_addresses.flow_of({"flow": st.query_params.get("flow") or at}, runs.flows)


def choose(runs: Playbook, any_flow: bool = False) -> str:
    """The choice of a flow, kept in the URL; nothing means all of them, where ``any_flow`` may be."""
    codes = [*runs.flows]
    if len(codes) < 2:
        return codes[0] if codes else flows.first()
    now = "" if any_flow and st.query_params.get("flow") not in codes else asked(runs)
    chosen = st.segmented_control(
        _("Kind"),
        codes,
        key=url.recall("flow", codes, now or None),
        on_change=url.keep,
        args=("flow",),
        required=not any_flow,
        format_func=lambda code: runs.name(code, language()),
        label_visibility="collapsed",
    )
    return chosen or now
