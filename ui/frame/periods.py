"""The months a figure is for, and those it is compared with; both kept in the URL."""

import streamlit as st
from sqlmodel import Session

from services.figures import indicators, kept_counts, readings
from services.figures.kept_counts import Span
from services.system import clock
from services.words import vocabulary
from ui.frame import url
from ui.frame.text import _, term

NOW = Span(0, 0)
_BACK = 60


def names() -> dict[str, str]:
    """The periods with their names."""
    return {"month": _("This month"), "quarter": _("3 months"), "year": _("12 months"), "all": _("All time")}


def choose(session: Session, path: str, flow: str = "") -> Span:
    """The months chosen: a period that ends now, or any two months."""
    labels = names() | {"months": _("From month to month")}
    period = _select("period", _("Period"), labels, readings.usual(session, path, flow), 150)
    if period != "months":
        return readings.span(period)
    this = clock.month_of(clock.now())
    newest = indicators.newest_month(session, path, flow)
    last = min(this, newest if newest is not None else this)
    months = {clock.month_label(month): month for month in range(this, last - _BACK, -1)}
    first = _month("first", _("First month"), months, clock.month_label(last - 11))
    final = _month("last", _("Last month"), months, clock.month_label(last))
    return Span(min(months[first], months[final]), max(months[first], months[final]))


def against(span: Span) -> Span | None:
    """The months to compare with; none where there is nothing before."""
    if span.first <= 0:
        return None
    labels = {code: term("comparison", code) for code in vocabulary.codes("comparison")}
    return span.earlier(_select("against", _("Compared"), labels, "before", 190))


def dimension(able: tuple[str, ...]) -> str:
    """By what to split, of those an indicator is able to."""
    labels = {code: term("dimension", code) for code in kept_counts.DIMENSIONS if code in able}
    return _select("by", _("Split"), labels, next(iter(labels)), 120)


def said(span: Span) -> str:
    """The months in figures."""
    if span.first <= 0:
        return _("All time")
    first, last = clock.month_label(span.first), clock.month_label(span.last)
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _month(name: str, label: str, months: dict[str, int], default: str) -> str:
    return _select(name, label, {label: label for label in months}, default, 120)


def _select(name: str, label: str, labels: dict[str, str], default: str, width: int) -> str:
    codes = list(labels)
    return st.selectbox(
        label,
        codes,
        key=url.recall(name, codes, default if default in codes else codes[0]),
        on_change=url.keep,
        args=(name,),
        format_func=lambda code: labels.get(code, code),
        width=width,
    )
