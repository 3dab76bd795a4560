"""Flows here: those that run in the area in view, under the names the place gives them, and the one a page is about."""

from dataclasses import replace

import streamlit as st
from sqlmodel import Session

from services.engine import flows
from services.matters import list_addresses, list_pages
from services.places import areas, playbook
from services.places.areas import Scope
from services.places.playbook import Playbook
from services.rights.permissions import Actor, reads_unit, scopes
from services.system import db
from services.system.errors import NotFound
from services.words.cleaning import clean
from ui.frame import url
from ui.frame.text import _, language, term

_AT, _NAMES = "page-at", "playbook-here"


def in_view(actor: Actor) -> Playbook:
    """What the place in view runs, for the menu; all flows where no place is loaded yet."""
    with db.reading() as session:
        found = _read_by(actor, playbook.of(session, _path(session, actor)))
    st.session_state[_NAMES] = found
    return found


def name(flow: str) -> str:
    """What a flow is called in the area in view."""
    found = st.session_state.get(_NAMES)
    return found.name(flow, language()) if isinstance(found, Playbook) else term("flow", flow)


def run(flow: str) -> bool:
    """Whether a flow runs in the area in view."""
    found = st.session_state.get(_NAMES)
    return flow in found.flows if isinstance(found, Playbook) else True


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


def of(session: Session, actor: Actor, here: Scope) -> Playbook:
    """What runs in the area in view, of that what this reader may read."""
    return _read_by(actor, playbook.of(session, here.path))


def _read_by(actor: Actor, runs: Playbook) -> Playbook:
    # Whoever sees one unit's matters alone is shown the flows in which the unit has something to do.
    if not reads_unit(actor):
        return runs
    return replace(runs, flows=tuple(flow for flow in runs.flows if _acts(actor, flow)))


def _acts(actor: Actor, flow: str) -> bool:
    return any(scopes(actor, arrow.act) for arrow in flows.arrows(flow))


def asked(runs: Playbook) -> str:
    """The flow the page is about: the address's, else that of the list at this address, else the first."""
    at = list_pages.flow_at(str(st.session_state.get(_AT, "")))
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
