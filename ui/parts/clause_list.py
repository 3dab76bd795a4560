"""Clauses 条款 on the screen: what was promised, until when, how it stands and what shows it; and what may be done."""

from collections.abc import Callable
from datetime import date

import streamlit as st
from sqlmodel import Session

from models.clause import Clause
from models.matter import Matter
from services.engine import flows
from services.parts import citations, clause_turns, clauses
from services.public import disclosure
from services.rights.permissions import Actor
from services.system import clock
from ui.frame import blocks, saving
from ui.frame.text import _, md, term

_COLOURS = {"open": "blue", "fulfilled": "green", "broken": "red", "dropped": "gray"}
_ENDS: dict[str, Callable[..., Matter]] = {
    "fulfil": clauses.fulfil,
    "break": clauses.find_broken,
    "drop": clauses.drop,
}


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The clauses with what may be done about them now; nothing for a flow that has none."""
    if "clauses" not in flows.flow(matter.flow).words("page", "parts"):
        return
    if not disclosure.may_read_decision(actor, matter):
        return
    found = clauses.clauses_of(session, matter)
    citing = citations.citing(session, actor, matter)
    waiting = any(one.state == "open" for one in found)
    acts = [act for act in clause_turns.acts(session, actor, matter) if act == "write" or waiting]
    with st.container(border=True, key=f"clauses-{matter.number}"):
        st.markdown("##### " + _("Clauses"))
        if found:
            summary = (
                _summary(found) if clause_turns.judged(matter.flow) else _("{count} clauses", count=_holding(found))
            )
            blocks.draw(
                blocks.text("p", summary, "mulin-quiet"),
                blocks.listed([_row(one, matter, citing.get(one.seq, [])) for one in found], "clauses"),
            )
        else:
            st.caption(_("No clause yet. Each is a sentence that can be kept or broken."))
        if acts:
            _act(matter, found, acts)


def _holding(found: list[Clause]) -> int:
    return sum(one.state != "dropped" for one in found)


def _summary(found: list[Clause]) -> str:
    holding = [one for one in found if one.state != "dropped"]
    kept = sum(one.state == "fulfilled" for one in holding)
    late = sum(_late(one) for one in holding)
    told = _("{kept} of {count} clauses kept", kept=kept, count=len(holding))
    return told + (" · " + _("{count} overdue", count=late) if late else "")


def _late(one: Clause) -> bool:
    return one.state == "open" and one.due is not None and one.due < clock.today()


def _row(one: Clause, matter: Matter, citing: list[Matter]) -> str:
    # A clause that nobody judges simply holds.
    judged = one.state != "open" or clause_turns.judged(matter.flow)
    badge = blocks.badge(term("clause", one.state), _COLOURS[one.state]) if judged else ""
    late = blocks.badge("▲ " + _("overdue"), "red") if _late(one) else ""
    told = [
        _("due {day}", day=one.due.isoformat()) if one.due else "",
        _("rests on {what}", what=one.cites) if one.cites else "",
        _("wording {number}", number=one.version) if one.version > 1 else "",
    ]
    parts = (
        blocks.text("p", f"{one.seq}. {one.text}"),
        blocks.wrapped("p", badge + late + blocks.text("span", " · ".join(filter(None, told)), "mulin-quiet")),
        blocks.text("p", _("shown by: {evidence}", evidence=one.evidence) if one.evidence else "", "mulin-quiet"),
    )
    return "".join(parts) + _cited(citing)


def _cited(citing: list[Matter]) -> str:
    links = (blocks.link("matter", blocks.text("span", one.number), "mulin-way", no=one.number) for one in citing)
    return blocks.wrapped("p", _("cited by") + " " + " ".join(links), "mulin-quiet") if citing else ""


def _words() -> dict[str, str]:
    return {
        "write": _("Add a clause"),
        "reword": _("Reword"),
        "fulfil": _("Kept"),
        "break": _("Broken"),
        "drop": _("Drop"),
    }


def _key(matter: Matter, name: str) -> str:
    return f"clause-{name}-{matter.number}"


def _act(matter: Matter, found: list[Clause], acts: list[str]) -> None:
    words = _words()
    chosen = st.segmented_control(
        _("What to do about a clause"), acts, key=_key(matter, "act"), format_func=lambda act: words.get(act, act)
    )
    if chosen not in acts:
        return
    # A form of its own for each version: what was entered is gone when it is kept, and stays when it was refused.
    with st.form(_key(matter, f"form-{chosen}-{matter.version}"), border=False, enter_to_submit=False):
        if chosen != "write":
            _choose(matter, [one for one in found if one.state == "open"])
        if chosen in _ENDS:
            _evidence(matter, chosen)
        else:
            _wording(matter, chosen)
        st.form_submit_button(
            words[chosen], type="primary", on_click=_done, args=(matter.number, matter.version, chosen)
        )


def _field(matter_number: str, version: int, name: str) -> str:
    return f"clause-{name}-{matter_number}-{version}"


def _choose(matter: Matter, open_ones: list[Clause]) -> None:
    texts = {one.seq: f"{one.seq}. {one.text}" for one in open_ones}
    st.selectbox(
        _("Clause"),
        list(texts),
        key=_field(matter.number, matter.version, "seq"),
        format_func=lambda seq: md(texts.get(seq, str(seq))),
    )


def _evidence(matter: Matter, act: str) -> None:
    label = _("Why it no longer holds") if act == "drop" else _("What shows it: a document, a date, a photograph")
    st.text_input(label, key=_field(matter.number, matter.version, "evidence"), max_chars=500)


def _wording(matter: Matter, act: str) -> None:
    number, version = matter.number, matter.version
    label = _("New wording") if act == "reword" else _("Clause, as a sentence that can be kept or broken")
    st.text_area(label, key=_field(number, version, "text"), max_chars=500, height=80)
    with st.container(horizontal=True):
        st.date_input(
            _("Due, if it has a day"), value=None, key=_field(number, version, "due"), format="YYYY-MM-DD", width=200
        )
        if act == "write":
            st.text_input(_("Rests on"), key=_field(number, version, "cites"), max_chars=200)


def _done(number: str, version: int, act: str) -> None:
    def entered(name: str) -> str:
        return str(st.session_state.get(_field(number, version, name)) or "")

    due, seq = (
        st.session_state.get(_field(number, version, "due")),
        st.session_state.get(_field(number, version, "seq")),
    )
    day = due if isinstance(due, date) else None
    if act == "write":
        saving.save(clauses.write, number, version, entered("text"), day, entered("cites"))
    elif act == "reword":
        saving.save(clauses.reword, number, version, int(seq or 0), entered("text"), day)
    else:
        saving.save(_ENDS[act], number, version, int(seq or 0), entered("evidence"))
