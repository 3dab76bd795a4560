"""Chips: what a filter asks for, in words, so that nobody takes a part for the whole."""

import streamlit as st

from services.figures.indicators import definitions
from services.matters import matters
from services.matters.matters import Filter
from ui.frame.text import _, language, md, term

_TERMS = ("clock", "category", "source", "station", "link")


def show(wanted: Filter, openness: bool = False) -> None:
    """A chip for each thing asked; whether matters are open only where ``openness`` says so."""
    told = chips(wanted, openness)
    if told:
        with st.container(horizontal=True, gap="small", key="filter-chips"):
            for one in told:
                st.badge(md(one), icon=":material/filter_alt:", color="primary")


def chips(wanted: Filter, openness: bool = False) -> list[str]:
    """The same as sentences."""
    found = [_coded(name, getattr(wanted, name)) for name in _TERMS if getattr(wanted, name)]
    found += [term(f"state.{wanted.flow}", wanted.state)] if wanted.state else []
    found += [term("openness", wanted.openness)] if openness and wanted.openness else []
    found += [_("Unit: {unit}", unit=term("unit", wanted.unit))] if wanted.unit else []
    found += [_figure(wanted.figure)] if wanted.figure else []
    found += [_("Holds: {words}", words=wanted.text.strip())] if wanted.text.strip() else []
    return [*found, *_days(wanted)]


def _coded(kind: str, code: str) -> str:
    return _("No category yet") if code == matters.NONE else term(kind, code)


def _figure(asked: str) -> str:
    code, _dot, part = asked.partition(".")
    return f"{term('indicator', code)}: {definitions()[code].words.get(f'{language()[:2]}_{part}') or _('Left out')}"


def _days(wanted: Filter) -> list[str]:
    first = [_("Raised from {day}", day=wanted.opened_from)] if wanted.opened_from else []
    return first + ([_("Raised until {day}", day=wanted.opened_to)] if wanted.opened_to else [])
