"""The widgets of a step's form: one for each field an arrow may need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.flows.deliberation import deliberations
from services.flows.issue import holds, merges, suggestions
from services.places import form_choices
from services.rights.permissions import Actor
from services.rules import rules
from services.rules.categories import categories
from services.rules.rules import Rule
from services.system import clock
from services.words import vocabulary
from ui.frame.text import _, language, term
from ui.matter import suggested_category

_RESULTS = ("finish", "answer", "deliver", "conclude")


@dataclass(frozen=True)
class Asked:
    """A field as a form asks for it: whose matter, which action, and the key its widget keeps its value under."""

    session: Session
    actor: Actor
    matter: Matter
    action: str
    key: str


def _note(asked: Asked) -> None:
    label = _("What was done") if asked.action in _RESULTS else _("Reason, in a sentence")
    st.text_area(label, key=asked.key, max_chars=2000, height=96)


def _parties(asked: Asked) -> None:
    example = _("Residents of buildings 3 and 4, the property company, the owners' committee")
    st.text_area(_("Parties concerned, by category"), key=asked.key, max_chars=300, height=80, placeholder=example)


def _location(asked: Asked) -> None:
    st.text_input(_("Where the notice hangs"), key=asked.key, max_chars=120, placeholder=_("Board at the east gate"))


def _choice(label: str, asked: Asked, names: dict[str, str], chosen: str | None = None) -> None:
    st.selectbox(
        label,
        list(names),
        index=list(names).index(chosen) if chosen in names else None,
        key=asked.key,
        width=300,
        format_func=lambda code: names.get(code, code),
        placeholder=_("Choose"),
    )


def _category(asked: Asked) -> None:
    names = {code: term("category", code) for code in categories()}
    advice = suggestions.suggest(asked.session, asked.matter.title, asked.matter.description, asked.matter.location)
    likeliest = advice.likeliest[0].code if advice.sure else None
    _choice(_("Category"), asked, names, asked.matter.category or likeliest)
    if asked.matter.category is None or (likeliest and likeliest != asked.matter.category):
        st.caption(f"{suggested_category.reason(advice)}  \n{suggested_category.named(advice)}")


def _duplicate_of(asked: Asked) -> None:
    names = merges.candidates(asked.session, asked.actor, asked.matter)
    st.selectbox(
        _("The issue that stays"),
        list(names),
        index=None,
        key=asked.key,
        accept_new_options=True,
        format_func=lambda number: f"{number} {names.get(number, '')}",
        placeholder=_("Choose one nearby, or type its number"),
    )


def _radio(label: str, kind: str, asked: Asked) -> None:
    codes = vocabulary.codes(kind)
    st.radio(label, codes, index=None, key=asked.key, horizontal=True, format_func=lambda code: term(kind, code))


def _rule(asked: Asked, check: str) -> Rule | None:
    _topic, forum = deliberations.detail(asked.session, asked.matter)
    return rules.check_in(forum.ruleset, check)


def _advice(rule: Rule | None) -> str | None:
    return _("{rule} ({source})", rule=rule.text(language()), source=rule.source) if rule else None


def _starts_at(asked: Asked) -> None:
    rule = _rule(asked, "notice")
    tomorrow = clock.today() + timedelta(days=1)
    day = rule.last_day(tomorrow) if rule else tomorrow
    st.datetime_input(
        _("Meeting starts"),
        datetime.combine(day, time(19)),
        key=asked.key,
        format="YYYY-MM-DD",
        step=timedelta(minutes=30),
        width=210,
        help=_advice(rule),
    )


def _day(label: str, asked: Asked, value: date, advice: str | None = None) -> None:
    st.date_input(label, value, key=asked.key, format="YYYY-MM-DD", width=180, help=advice)


def _due(asked: Asked) -> None:
    _day(_("Deadline"), asked, _wished(asked, "extend", 7))


def _due_asked(asked: Asked) -> None:
    _day(_("Deadline asked for"), asked, _after(asked.matter.due_at, 7))


def _hold_until(asked: Asked) -> None:
    advice = _("On this day the hold is reminded of. The clock stands still until the work is resumed.")
    _day(_("Expected end of the hold"), asked, _wished(asked, "suspend", 30), advice)


def _wished(asked: Asked, granting: str, days: int) -> date:
    """The day that was asked for, for whoever approves; otherwise so many days after what holds now."""
    request = holds.request(asked.session, asked.matter) if asked.action == granting else None
    if request and request.until > clock.now():
        return clock.local(request.until).date()
    return _after(asked.matter.hold_until or asked.matter.due_at, days)


def _after(moment: datetime | None, days: int) -> date:
    return clock.local(max(moment or clock.now(), clock.now())).date() + timedelta(days=days)


def _ends_on(asked: Asked) -> None:
    rule = _rule(asked, "publicity")
    last = rule.last_day(clock.today()) if rule else clock.today() + timedelta(days=4)
    _day(_("Last day of the notice"), asked, last, _advice(rule))


def _expected(asked: Asked) -> None:
    _topic, forum = deliberations.detail(asked.session, asked.matter)
    _count(_("Expected"), asked, forum.expected)


def _count(label: str, asked: Asked, value: int | None = None) -> None:
    st.number_input(label, 0, 99_999, value, 1, key=asked.key, width=140)


WIDGETS: dict[str, Callable[[Asked], None]] = {
    "note": _note,
    "parties": _parties,
    "location": _location,
    "category": _category,
    "unit": lambda asked: _choice(_("Responsible unit"), asked, form_choices.units(asked.session, asked.matter)),
    "forum": lambda asked: _choice(_("Forum"), asked, form_choices.forums_for(asked.session, asked.matter)),
    "venue": lambda asked: _choice(_("Meeting venue"), asked, form_choices.venues(asked.session, asked.matter)),
    "duplicate_of": _duplicate_of,
    "grade": lambda asked: _radio(_("Grade"), "grade", asked),
    "contacted": lambda asked: _radio(_("Did the unit get in touch?"), "answer", asked),
    "resolved": lambda asked: _radio(_("Is it solved?"), "answer", asked),
    "satisfaction": lambda asked: _radio(_("How satisfied is the person who raised it?"), "satisfaction", asked),
    "starts_at": _starts_at,
    "due": _due,
    "due_asked": _due_asked,
    "hold_until": _hold_until,
    "starts_on": lambda asked: _day(_("First day of the notice"), asked, clock.today()),
    "ends_on": _ends_on,
    "expected": _expected,
    "asked": lambda asked: _count(_("Asked"), asked),
    "aware": lambda asked: _count(_("Knew of it"), asked),
    "took_part": lambda asked: _count(_("Took part"), asked),
    "satisfied": lambda asked: _count(_("Satisfied"), asked),
}

# These take a line of their own; the others stand side by side.
WIDE = {"note", "parties", "location", "duplicate_of", "grade", "contacted", "resolved", "satisfaction"}
