"""Parts: what only one flow shows around its list, and the way to begin a matter of it."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import streamlit as st
from sqlmodel import Session

from services.engine import flows
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from ui.frame import menu
from ui.frame.text import _


def begin(actor: Actor, flow: str, here: Scope) -> None:
    """The way to a new matter of the flow, for those who may begin one."""
    if not may(actor, f"{flow}.create", here.path):
        return
    own, page = _own(flow), str(flows.flow(flow).part("begin").get("page", ""))
    if own and hasattr(own, "begin"):
        own.begin()
    elif page in {entry.name for entry in menu.ENTRIES} and may(actor, f"page.{page}"):
        st.page_link(menu.page(page), label=_("New"), icon=":material/add_circle:", query_params={"area": here.code})


def above(session: Session, actor: Actor, flow: str, here: Scope) -> None:
    """What the flow shows above its list, as ``above_list.py`` in its own room draws it; most show nothing."""
    if own := _own(flow):
        own.show(session, actor, here)


def _own(flow: str) -> ModuleType | None:
    name = f"ui.flows.{flow}"
    found = find_spec(name) and find_spec(f"{name}.above_list")
    return import_module(f"{name}.above_list") if found else None
