"""Many matters at once: one step for all that are selected, what it asks for asked once, and what became of each."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import field_rows, fields, workflow
from services.engine.definition import Need
from services.engine.flows import Arrow
from services.looks import standings
from services.rights.permissions import Actor
from services.system.errors import Refused
from ui.frame import session as current
from ui.frame.text import _, md, refusal, term
from ui.matter import step_fields, undo
from ui.matter.step_fields import Asked

_RESULTS, _ROUND, _STEP, _CHOSEN = "bulk-results", "bulk-round", "bulk-step", "bulk-chosen"
_ROWS = ("organisation", "venue", "forum", "office", "area")


def selection() -> int:
    """Which selection the table shows: a new one after every step taken for many."""
    return int(st.session_state.get(_ROUND, 0))


def bar(data: Session, actor: Actor, flow: str, numbers: list[str]) -> None:
    """The steps that at least one selected matter offers, the form of the one chosen, and the results of the last.

    What a step was taken for stays chosen, for the next one, until others are selected in the table.
    """
    _show_results()
    undo.show()
    loaded = _loaded(data, actor, numbers or st.session_state.get(_CHOSEN, {}).get(flow, []))
    if not loaded:
        st.caption(_("Select matters in the list to take a step for several at once."))
        return
    found = [arrow for matter in loaded for arrow in workflow.open_arrows(data, actor, matter)]
    offered = {arrow.action: arrow for arrow in reversed(found)}
    _offer(flow, loaded, [offered[action] for action in dict.fromkeys(arrow.action for arrow in found)])
    arrow = offered.get(st.session_state.get(_STEP, ""))
    if arrow and arrow.needs:
        _form(data, actor, loaded, arrow)


def _loaded(data: Session, actor: Actor, numbers: list[str]) -> list[Matter]:
    found = []
    for number in numbers:
        try:
            found.append(workflow.load(data, actor, number))
        except Refused:
            continue  # What was chosen may have gone out of sight meanwhile.
    return found


def _offer(flow: str, loaded: list[Matter], arrows: list[Arrow]) -> None:
    chosen, leading = _chosen(loaded), [arrow for arrow in arrows if arrow.tone == "primary"]
    others = [arrow for arrow in arrows if arrow.tone != "primary"]
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        st.markdown(_("**{count}** selected", count=len(loaded)), width="content")
        for arrow in leading:
            st.button(_label(arrow), key=f"bulk-{arrow.action}", on_click=_choose, args=(flow, arrow, chosen))
        if others:
            named = {arrow.action: arrow for arrow in others}
            st.menu_button(
                _("Other steps"),
                list(named),
                key="bulk-more",
                format_func=lambda action: _label(named[action]) if action in named else action,
                on_click=_choose_from,
                args=(flow, named, chosen),
            )
        if not arrows:
            st.caption(_("No step can be taken for these. Choose others."))
        if flow in st.session_state.get(_CHOSEN, {}):
            st.button(_("Choose others"), key="bulk-drop", type="tertiary", on_click=_drop)


def _chosen(loaded: list[Matter]) -> dict[str, tuple[int, str]]:
    """What is chosen as it was drawn: version and state by number."""
    return {matter.number: (matter.version, matter.state) for matter in loaded}


def _label(arrow: Arrow) -> str:
    word = term(f"action.{arrow.flow}", arrow.action)
    return f"{word}…" if arrow.needs else word


def _choose(flow: str, arrow: Arrow, chosen: dict[str, tuple[int, str]]) -> None:
    if arrow.needs:
        st.session_state[_STEP] = arrow.action
    else:
        _take_all(flow, arrow.action, chosen, {number: {} for number in chosen})


def _choose_from(flow: str, named: dict[str, Arrow], chosen: dict[str, tuple[int, str]]) -> None:
    if arrow := named.get(st.session_state.get("bulk-more") or ""):
        _choose(flow, arrow, chosen)


def _drop() -> None:
    for key in (_CHOSEN, _STEP):
        st.session_state.pop(key, None)


def _close() -> None:
    st.session_state.pop(_STEP, None)


def _form(data: Session, actor: Actor, loaded: list[Matter], arrow: Arrow) -> None:
    ready = [matter for matter in loaded if standings.to_step(matter, arrow.action) == "open"]
    with st.form(f"bulk-form-{arrow.action}", enter_to_submit=False):
        others = [one for one in loaded if one not in ready]
        if others:
            st.caption("  \n".join(f"{md(one.number)} · {refusal(_why_not(one, arrow.action))}" for one in others))
        known = {need.name: _known(ready, arrow, need) for need in arrow.needs}
        step_fields.draw_all([_asked(data, actor, ready, arrow, need, bool(known[need.name])) for need in arrow.needs])
        if any(known.values()):
            st.caption(_("What is left empty stays as each of them has it."))
        with st.container(horizontal=True):
            word, told = term(f"action.{arrow.flow}", arrow.action), (arrow, _chosen(loaded), known)
            label = _("{step}: {count}", step=word, count=len(ready))
            st.form_submit_button(label, type="primary", key="bulk-submit", on_click=_submit, args=told)
            st.form_submit_button(_("Cancel"), type="tertiary", key="bulk-cancel", on_click=_close)


def _known(ready: list[Matter], arrow: Arrow, need: Need) -> dict[str, Any]:
    """What each of them has on record for a field already, where all of them have it."""
    kept = fields.of_flow(arrow.flow, need)
    if kept.keep not in fields.COLUMNS or kept.type not in ("code", "text"):
        return {}
    found = {matter.number: getattr(matter, kept.keep) for matter in ready}
    return found if all(found.values()) else {}


def _asked(data: Session, actor: Actor, ready: list[Matter], arrow: Arrow, need: Need, known: bool) -> Asked:
    field = fields.of_flow(arrow.flow, need)
    choices = _in_common(data, ready, field) if field.type in _ROWS else None
    key = _key(arrow.action, need.name)
    return Asked(data, actor, ready[0], arrow.action, key, field, need.optional or known, choices, many=True)


def _in_common(data: Session, ready: list[Matter], field: Any) -> dict[str, str]:
    """The rows that every one of them may be given."""
    offered = [field_rows.choices(data, matter, field) for matter in ready]
    return {code: name for code, name in offered[0].items() if all(code in other for other in offered)}


def _key(action: str, name: str) -> str:
    return f"bulk-{action}-{name}"


def _submit(arrow: Arrow, chosen: dict[str, tuple[int, str]], known: dict[str, dict[str, Any]]) -> None:
    typed = {need.name: st.session_state.get(_key(arrow.action, need.name)) for need in arrow.needs}
    inputs = {
        number: {name: value or known[name].get(number) if known[name] else value for name, value in typed.items()}
        for number in chosen
    }
    if _take_all(arrow.flow, arrow.action, chosen, inputs):
        _close()


def _take_all(
    flow: str, action: str, chosen: dict[str, tuple[int, str]], inputs: dict[str, dict[str, Any]]
) -> list[tuple[str, str]]:
    """Take the step for each by itself: what can go goes, and of every other it is said why not. Returns what went."""
    told, click = current.clicks(), ("bulk", action, tuple(chosen.items()), repr(inputs))
    with told.lock:
        if told.last == click:
            return []  # The second half of a double click: the first has been taken.
        results = [
            (number, *_take(number, action, version, inputs[number])) for number, (version, _s) in chosen.items()
        ]
        told.last = click
    moved = [(number, chosen[number][1]) for number, went, _text in results if went]
    st.session_state[_RESULTS] = results
    st.session_state[_CHOSEN] = {flow: list(chosen)}
    # The table keeps its selection by position, and other rows now stand there.
    st.session_state[_ROUND] = selection() + 1
    undo.remember(flow, action, moved)
    return moved


def _take(number: str, action: str, version: int, inputs: dict[str, Any]) -> tuple[bool, str]:
    try:
        moved = current.attempt(_step, number, action, version, inputs)
    except Refused as refused:
        return False, refusal(refused)
    current.clicks().versions[number] = moved.version
    return True, md(term(f"state.{moved.flow}", moved.state))


def _step(session: Session, actor: Actor, number: str, action: str, version: int, inputs: dict[str, Any]) -> Matter:
    matter = workflow.load(session, actor, number)
    if matter.version == version and standings.to_step(matter, action) != "open":
        raise _why_not(matter, action)
    return workflow.move(session, actor, number, action, version, inputs)


def _why_not(matter: Matter, action: str) -> Refused:
    told = {"state": term(f"state.{matter.flow}", matter.state), "step": term(f"action.{matter.flow}", action)}
    if standings.to_step(matter, action) == "not_yet":
        return Refused("Not yet: it stands at “{state}”, and “{step}” comes after that.", **told)
    return Refused("No longer: it stands at “{state}”, and “{step}” lies behind it.", **told)


def _show_results() -> None:
    results = st.session_state.pop(_RESULTS, [])
    if not results:
        return
    done = sum(1 for _number, moved, _text in results if moved)
    with st.expander(_("{done} of {all} moved", done=done, all=len(results)), expanded=done < len(results)):
        st.markdown(
            "  \n".join(f"{'✓' if moved else '✗'} **{md(number)}** · {text}" for number, moved, text in results)
        )
