"""The next step: every move that is open to this person from where a matter stands, with exactly what it asks for.

``show(session, actor, matter)`` is all a page calls. The step that leads on is a filled button, a single other one
stands beside it, more of them wait in a menu; a step that asks for something opens its form below, and only that form
is drawn. The move is made in a callback against the version this run has drawn, and
``ui.frame.session.show_outcome`` says what became of it: after a refusal the form is still open with what was typed;
after somebody else's change the page shows the new state.
"""

from typing import Any, Literal

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import fields, workflow
from services.engine.flows import Arrow
from services.parts import second_person
from services.rights.permissions import Actor
from ui.frame import saving
from ui.frame.text import _, term
from ui.matter import step_fields, undo
from ui.matter.step_fields import Asked


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """Draw every permitted step of ``matter``; nothing when there is none."""
    arrows = _offered(session, actor, matter)
    chosen = st.session_state.get(_slot(matter.number))
    with st.container(horizontal=True, key=f"steps-{matter.number}"):
        for arrow in arrows:
            if arrow.tone == "primary":
                _button(matter, arrow, "primary")
        others = [arrow for arrow in arrows if arrow.tone != "primary"]
        if len(others) == 1:
            _button(matter, others[0], "secondary")
        else:
            _menu(matter, others)
    undo.show(matter.number)
    for arrow in arrows:
        if arrow.needs and arrow.action == chosen:
            _form(session, actor, matter, arrow)


def _offered(session: Session, actor: Actor, matter: Matter) -> list[Arrow]:
    """The arrows to be drawn; those that are for a second person are said instead, and why."""
    arrows = workflow.open_arrows(session, actor, matter)
    mine = {arrow.action: second_person.barred(session, actor, matter, arrow.action) for arrow in arrows}
    for accept, done in mine.items():
        if done:
            named = {name: term(f"action.{matter.flow}", code) for name, code in (("done", done), ("accept", accept))}
            st.caption(_("“{accept}” is for somebody else here, for you took the step “{done}”.", **named))
    return [arrow for arrow in arrows if not mine[arrow.action]]


def _slot(number: str) -> str:
    return f"step:{number}"


def _names(arrow: Arrow) -> list[str]:
    return [need.name for need in arrow.needs]


def _key(number: str, name: str) -> str:
    return f"step-{number}-{name}"


def _label(arrow: Arrow) -> str:
    word = term(f"action.{arrow.flow}", arrow.action)
    return f"{word}…" if arrow.needs else word


def _button(matter: Matter, arrow: Arrow, tone: Literal["primary", "secondary"]) -> None:
    told = (matter.number, arrow.action)
    at = (matter.version, matter.flow, matter.state)
    st.button(
        _label(arrow),
        key=f"take-{matter.number}-{arrow.action}",
        type=tone,
        on_click=choose if arrow.needs else _take,
        args=told if arrow.needs else (*told, *at),
    )


def _menu(matter: Matter, arrows: list[Arrow]) -> None:
    if not arrows:
        return
    names = {arrow.action: _label(arrow) for arrow in arrows}
    key = f"more-{matter.number}-{matter.state}"
    st.menu_button(
        _("Other steps"),
        list(names),
        key=key,
        format_func=lambda action: names.get(action, action),
        on_click=_choose_from,
        args=(
            matter.number,
            key,
            tuple(a.action for a in arrows if a.needs),
            matter.version,
            matter.flow,
            matter.state,
        ),
    )


def _take(number: str, action: str, version: int, flow: str, source: str) -> None:
    if saving.move(number, action, version):
        undo.remember(flow, action, [(number, source)])


def choose(number: str, action: str | None) -> None:
    """Callback: open the form of a step that asks for something; close it where no step is named."""
    st.session_state[_slot(number)] = action


def _choose_from(number: str, key: str, asking: tuple[str, ...], *at: Any) -> None:
    action = st.session_state[key]
    if action in asking:
        choose(number, action)
    elif action:
        _take(number, action, *at)


def _form(session: Session, actor: Actor, matter: Matter, arrow: Arrow) -> None:
    with st.form(f"step-form-{matter.number}-{arrow.action}", enter_to_submit=False):
        _fields(session, actor, matter, arrow)
        with st.container(horizontal=True):
            st.form_submit_button(
                term(f"action.{arrow.flow}", arrow.action),
                type="primary",
                key=f"submit-{matter.number}",
                on_click=_submit,
                args=(matter.number, arrow.action, matter.version, tuple(_names(arrow))),
            )
            st.form_submit_button(
                _("Cancel"),
                type="tertiary",
                key=f"cancel-{matter.number}",
                on_click=choose,
                args=(matter.number, None),
            )


def _fields(session: Session, actor: Actor, matter: Matter, arrow: Arrow) -> None:
    asked = [
        Asked(
            session,
            actor,
            matter,
            arrow.action,
            _key(matter.number, need.name),
            fields.of_flow(matter.flow, need),
            need.optional,
        )
        for need in arrow.needs
    ]
    step_fields.draw_all(asked)


def _submit(number: str, action: str, version: int, needs: tuple[str, ...]) -> None:
    inputs = {name: st.session_state.get(_key(number, name)) for name in needs}
    if saving.move(number, action, version, inputs):
        choose(number, None)
