"""The changes of the setup: who did what to what, what stood there before, and taking one back."""

from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from models.audit import SetupChange
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.setup import changes, undoing
from ui.frame import session as frame
from ui.frame import text
from ui.frame.text import _, moment, term

_PICKED = "setup-undo"


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The latest changes at or below the area in view, and the one to take back."""
    found = changes.listed(session, actor, here.path)
    if not found:
        st.info(_("Nothing was changed here yet."), icon=":material/info:")
        return
    standing = {change.id: change for change in found if change.undone_at is None}
    if standing:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                _("Take a change back"),
                list(standing),
                key=_PICKED,
                format_func=lambda key: _named(standing[key]) if key in standing else "",
                width=520,
            )
            st.button(_("Take back"), key="setup-undo-button", icon=":material/undo:", on_click=_undo)
    st.dataframe(pd.DataFrame([_row(change) for change in found]), hide_index=True, placeholder="–", height="content")


def _named(change: SetupChange) -> str:
    return f"{moment(change.at)} · {changes.word(change).said(text.language())} · {change.name}"


def _row(change: SetupChange) -> dict[str, Any]:
    undone = _("taken back by {name}, {at}", name=change.undone_by or "", at=moment(change.undone_at))
    return {
        _("When"): moment(change.at),
        _("Who"): change.actor,
        _("What"): changes.word(change).said(text.language()),
        _("Which"): f"{term('subject', change.kind)} · {change.name} ({change.code})",
        _("Before"): _said(change, change.before),
        _("After"): _said(change, change.after),
        _("Reason"): change.reason,
        _("Taken back"): undone if change.undone_at else "",
    }


def _said(change: SetupChange, side: dict[str, Any] | None) -> str:
    shown = {name: value for name, value in (side or {}).items() if name not in ("lng", "lat", "schematic")}
    return " · ".join(f"{_column(change, name)}: {_cell(name, value)}" for name, value in shown.items())


def _column(change: SetupChange, name: str) -> str:
    fixed = {"geometry": _("Boundary"), "closed_at": _("Closed"), "area_id": _("Area")}
    field = name.removesuffix("_id")
    return fixed.get(name) or term(f"imported_field.{change.kind}", field)


def _cell(name: str, value: Any) -> str:
    if name == "geometry":
        return _("drawn") if value else "—"
    return "—" if value in (None, "") else str(value)[:80]


def _undo() -> None:
    if frame.commit(undoing.undo, int(st.session_state[_PICKED])) is not None:
        st.session_state.pop(_PICKED, None)
