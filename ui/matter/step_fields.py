"""The widgets of a form: one for each type of field, labelled, limited and begun as the field's row says.

What only one flow can know, such as the days its forum's rule asks for, that flow proposes: ``proposes``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import field_rows, field_values, field_words
from services.engine.definition import Field
from services.places import steering
from services.rights.permissions import Actor
from services.system import clock
from ui.frame import text
from ui.frame.text import _, md, term

_LONG_TEXT = 200
_WIDTHS = {"day": 180, "moment": 210, "count": 140, "money": 180}
_MORNING = time(9)


@dataclass(frozen=True)
class Asked:
    """A field as a form asks for it: whose matter, which action, and the key its widget keeps its value under.

    ``choices`` are the rows to choose from, where the form knows better than the field which; ``value`` is what it
    begins with, where that is on record already. A form for ``many`` matters begins with nothing that only one has.
    """

    session: Session
    actor: Actor
    matter: Matter
    action: str
    key: str
    field: Field
    optional: bool = False
    choices: dict[str, str] | None = None
    value: Any = None
    many: bool = False


@dataclass(frozen=True)
class Proposal:
    """What a flow proposes for a field: the value to begin with, advice at its label, choices, a sentence below."""

    value: Any = None
    advice: str | None = None
    choices: dict[str, str] | None = None
    below: str = ""


Proposer = Callable[[Asked], Proposal]
_PROPOSERS: dict[tuple[str, str], Proposer] = {}


def proposes(flow: str, field: str) -> Callable[[Proposer], Proposer]:
    """Let the function say what a flow proposes for a field, each time a form asks for it."""

    def register(function: Proposer) -> Proposer:
        _PROPOSERS[flow, field] = function
        return function

    return register


def draw_all(asked: list[Asked]) -> None:
    """The widgets of a form: wide ones on a line of their own, the others side by side."""
    for wide, some in groupby(asked, key=lambda one: one.field.wide):
        with st.container(horizontal=not wide):
            for one in some:
                draw(one)


def draw(asked: Asked) -> None:
    """The widget of a field."""
    proposer = _PROPOSERS.get((asked.matter.flow, asked.field.called))
    proposal = proposer(asked) if proposer and asked.value is None and not asked.many else Proposal(asked.value)
    WIDGETS[asked.field.type](asked, proposal)
    if proposal.below:
        st.caption(proposal.below)


def _label(asked: Asked) -> str:
    said = md(field_words.label(asked.field, text.language(), asked.action))
    return _("{label} (optional)", label=said) if asked.optional else said


def _example(asked: Asked) -> str:
    return field_words.example(asked.field, text.language(), asked.action)


def _width(asked: Asked) -> Any:
    return "stretch" if asked.field.wide else _WIDTHS.get(asked.field.type, 300)


def _words(asked: Asked, proposal: Proposal) -> None:
    limit = asked.field.span()[1] or field_values.TEXT_LIMIT
    told: dict[str, Any] = {
        "value": proposal.value or asked.field.default,
        "max_chars": limit,
        "key": asked.key,
        "help": proposal.advice,
        "placeholder": _example(asked),
        "width": _width(asked),
    }
    if limit > _LONG_TEXT:
        st.text_area(_label(asked), height=96, **told)
    else:
        st.text_input(_label(asked), **told)


def _choice(asked: Asked, proposal: Proposal, names: dict[str, str]) -> None:
    chosen = proposal.value or asked.field.default
    st.selectbox(
        _label(asked),
        list(names),
        index=list(names).index(chosen) if chosen in names else None,
        key=asked.key,
        width=_width(asked),
        help=proposal.advice,
        format_func=lambda code: names.get(code, code),
        placeholder=_example(asked) or _("Choose"),
    )


def _answers(asked: Asked, proposal: Proposal, names: dict[str, str]) -> None:
    # Nothing can be taken back from a row of buttons: what may stay open is chosen from a list.
    if not asked.field.wide or asked.optional:
        _choice(asked, proposal, names)
        return
    chosen = proposal.value or asked.field.default
    st.radio(
        _label(asked),
        list(names),
        index=list(names).index(chosen) if chosen in names else None,
        key=asked.key,
        horizontal=True,
        help=proposal.advice,
        format_func=lambda code: names.get(code, code),
    )


def _code(asked: Asked, proposal: Proposal) -> None:
    _answers(asked, proposal, {code: term(asked.field.kind, code) for code in field_values.choices(asked.field)})


def _yes_no(asked: Asked, proposal: Proposal) -> None:
    _answers(asked, proposal, {code: term("answer", code) for code in ("yes", "no")})


def _row(asked: Asked, proposal: Proposal) -> None:
    known = proposal.choices or asked.choices
    _choice(asked, proposal, known or field_rows.choices(asked.session, asked.matter, asked.field))


def _forum(asked: Asked, proposal: Proposal) -> None:
    """A forum begins with the one that the playbook sends this kind of estate to."""
    steered = None if asked.many or proposal.value else steering.forum_by_estate(asked.session, asked.matter.area_id)
    if steered is None:
        _row(asked, proposal)
        return
    _row(asked, replace(proposal, value=steered.code))
    st.caption(_("Proposed by the playbook for this kind of estate: {forum}", forum=md(steered.name)))


def _matter(asked: Asked, proposal: Proposal) -> None:
    if proposal.choices is None:
        st.text_input(_label(asked), max_chars=32, key=asked.key, width=_width(asked), placeholder=_example(asked))
        return
    names = proposal.choices
    st.selectbox(
        _label(asked),
        list(names),
        index=None,
        key=asked.key,
        accept_new_options=True,
        format_func=lambda number: f"{number} {names.get(number, '')}",
        placeholder=_example(asked),
    )


def _point(asked: Asked, proposal: Proposal) -> None:
    st.text_input(
        _label(asked), proposal.value or "", max_chars=60, key=asked.key, width=300, placeholder=_example(asked)
    )


def _count(asked: Asked, proposal: Proposal) -> None:
    most = asked.field.span()[1] or field_values.COUNT_LIMIT
    begun = int(asked.field.default) if asked.field.default else None
    value = begun if proposal.value is None else proposal.value
    st.number_input(_label(asked), 0, most, value, 1, key=asked.key, width=_width(asked), help=proposal.advice)


def _money(asked: Asked, proposal: Proposal) -> None:
    most = float(asked.field.span()[1] or field_values.YUAN_LIMIT)
    value = float(asked.field.default) if asked.field.default else proposal.value
    told: dict[str, Any] = {"format": "%.2f", "key": asked.key, "width": _width(asked), "help": proposal.advice}
    st.number_input(_label(asked), 0.0, most, value, 0.01, **told)


def _day(asked: Asked, proposal: Proposal) -> None:
    value = proposal.value or _begun(asked)
    told: dict[str, Any] = {"key": asked.key, "format": "YYYY-MM-DD", "help": proposal.advice, "width": 180}
    st.date_input(_label(asked), value, **told)


def _moment(asked: Asked, proposal: Proposal) -> None:
    if "day" in asked.field.of:
        _day(asked, proposal)
        return
    day = _begun(asked)
    value = proposal.value or (datetime.combine(day, _MORNING) if day else None)
    told: dict[str, Any] = {"key": asked.key, "format": "YYYY-MM-DD", "help": proposal.advice, "width": 210}
    st.datetime_input(_label(asked), value, step=timedelta(minutes=30), **told)


def _begun(asked: Asked) -> date | None:
    """The day that the row's ``default`` names: so many days after today, the deadline, or the end of the hold."""
    if asked.optional or not asked.field.default:
        return None
    base, days = asked.field.default.replace("+", " +").replace("-", " -").split()
    if asked.many and base != "today":
        return None
    held, due = asked.matter.hold_until or asked.matter.due_at, asked.matter.due_at
    start = {"today": None, "due": due, "hold": held}[base]
    return clock.local(max(start or clock.now(), clock.now())).date() + timedelta(days=int(days))


WIDGETS: dict[str, Callable[[Asked, Proposal], None]] = {
    "text": _words,
    "code": _code,
    "count": _count,
    "money": _money,
    "yes_no": _yes_no,
    "day": _day,
    "moment": _moment,
    **dict.fromkeys(("organisation", "venue", "office", "area"), _row),
    "forum": _forum,
    "point": _point,
    "matter": _matter,
}
