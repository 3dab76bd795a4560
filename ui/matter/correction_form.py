"""Correction 更正: a form with the present values; what was changed in it is written, with the reason."""

from datetime import date, datetime
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import field_rows, field_values, flows
from services.parts import corrections
from services.parts.corrections import Correctable
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from services.system import clock
from ui.frame import saving
from ui.frame.text import _
from ui.matter import step_fields
from ui.matter.step_fields import Asked

_ROWS = ("organisation", "venue", "forum", "office", "area")


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The quiet button, and the form while it is open; nothing for those who may not correct."""
    if not may_with(session, actor, corrections.ACT, matter):
        return
    slot = _slot(matter.number)
    if slot not in st.session_state:
        st.button(
            _("Correct…"), key=f"{slot}-open", type="tertiary", icon=":material/edit:", on_click=_open, args=(slot,)
        )
        return
    offered = corrections.offered(session, matter)
    # What the form began with is kept: what somebody else changes meanwhile is not taken for a change made here.
    begun = st.session_state[slot] or {one.name: _begins(session, matter, one) for one in offered}
    st.session_state[slot] = begun
    with st.form(f"form-{slot}", enter_to_submit=False):
        st.markdown("##### " + _("Correct what is on record"))
        _draw(session, actor, matter, [one for one in offered if one.name in begun], begun)
        _buttons(matter, slot)


def _slot(number: str) -> str:
    return f"correct-{number}"


def _open(slot: str) -> None:
    st.session_state[slot] = {}


def _close(slot: str) -> None:
    st.session_state.pop(slot, None)


def _begins(session: Session, matter: Matter, one: Correctable) -> Any:
    """The present value as its widget shows it; nothing where the widget can't."""
    value, kind = one.value, one.field.type
    if kind == "point":
        return ", ".join(map(str, value)) if value else ""
    if kind == "text":
        return value or ""
    if kind in ("day", "moment"):
        return _day_of(one, value)
    if kind in _ROWS:
        return value if value in field_rows.choices(session, matter, one.field) else None
    if kind == "code":
        return value if value in field_values.choices(one.field) else None
    if kind == "yes_no":
        return None if value is None else "yes" if value else "no"
    return value / 100 if kind == "money" and value is not None else value


def _day_of(one: Correctable, value: str | None) -> date | datetime | None:
    if value is None:
        return None
    if one.field.type == "day":
        return date.fromisoformat(value[:10])
    at = clock.local(datetime.fromisoformat(value)).replace(tzinfo=None, second=0, microsecond=0)
    return at.date() if "day" in one.field.of else at


def _draw(session: Session, actor: Actor, matter: Matter, offered: list[Correctable], begun: dict[str, Any]) -> None:
    note = flows.flow(matter.flow).fields["note"]
    told = (session, actor, matter, corrections.ACT)
    asked = [
        Asked(
            *told, f"{_slot(matter.number)}-{one.name}", one.field, begun[one.name] in (None, ""), None, begun[one.name]
        )
        for one in offered
    ]
    asked.sort(key=lambda one: not one.field.wide)
    step_fields.draw_all([*asked, Asked(*told, f"{_slot(matter.number)}-reason", note)])


def _buttons(matter: Matter, slot: str) -> None:
    with st.container(horizontal=True):
        st.form_submit_button(
            _("Write the correction"),
            type="primary",
            key=f"{slot}-go-{matter.version}",
            on_click=_submit,
            args=(matter.number, matter.version, slot),
        )
        st.form_submit_button(_("Cancel"), type="tertiary", key=f"{slot}-cancel", on_click=_close, args=(slot,))


def _submit(number: str, drawn: int, slot: str) -> None:
    begun: dict[str, Any] = st.session_state.get(slot) or {}
    if not begun:
        # The second half of a double click: the first has been taken, and closed the form.
        return
    typed = {name: st.session_state.get(f"{slot}-{name}") for name in begun}
    changed = {name: typed[name] for name in begun if _same(typed[name]) != _same(begun[name])}
    if saving.save(corrections.correct, number, drawn, changed, st.session_state.get(f"{slot}-reason") or ""):
        _close(slot)


def _same(value: Any) -> Any:
    return value.strip() if isinstance(value, str) and value.strip() else value or None
