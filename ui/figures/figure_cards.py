"""Figures on the screen: the value large, its trend, its definition one click away, and the list behind it."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st
from sqlmodel import Session

from services.figures import indicators, readings
from services.figures.durations import Duration
from services.figures.indicators import Count, Definition
from services.figures.kept_counts import Span, percent
from services.figures.readings import Figure
from services.matters import case_conditions, list_pages
from services.places.areas import Scope
from services.public import disclosure
from services.rights.permissions import Actor, only_public, reads_all
from services.system.clock import month_label
from ui.frame.filters import params
from ui.frame.links import page_link
from ui.frame.text import _, language, md, term

# The share on hold stands with the open issues, of which it is a part; a closing rate must never be read without it.
_PAUSED = "paused_share"
# What stands behind a figure that no words of its row can list.
_BEHIND: dict[str, dict[str, str]] = {"density": {"openness": "open"}}


def _behind(code: str, flow: str) -> tuple[str, dict[str, str]]:
    """The list of exactly what the figure counts."""
    counted = case_conditions.flow_of(code, flow)
    page, more = list_pages.page(counted)
    if not case_conditions.listable(code, "numerator"):
        return page, _BEHIND.get(code, {}) | more
    return page, {"flow": counted, "figure": f"{code}.numerator", "openness": "all"} | more


def value(count: Count, unit: str) -> str:
    """A figure in words: a count, a share in per cent, "no cases", or that no ledger here records it."""
    if not count.recorded:
        return _("Not recorded")
    if count.value is None:
        return _("No cases")
    if unit == "share":
        return percent(count.value)
    return f"{count.value * 1000:.1f}" if unit == "per_thousand" else number(count.numerator)


def number(value: float) -> str:
    """A count: whole with thousands apart, a weighted one with its decimals."""
    return f"{value:,.10g}" if value < 1e9 else f"{value:,.0f}"


def hours(value: int | None, longest: int = 0) -> str:
    """A duration in days and hours; without one, that it is not reached yet."""
    if value is None:
        return _("not reached yet: more than {time}", time=hours(longest))
    if value < 24:
        return _("{hours} h", hours=value)
    return _("{days} d {hours} h", days=value // 24, hours=value % 24)


def duration(found: Duration) -> str:
    """A duration in words, or "no cases", or that no ledger here has closing times."""
    if not found.n:
        return _("Not recorded") if found.left else _("No cases")
    return hours(found.hours, found.longest)


def left_out(count: Count) -> str:
    """How many a figure leaves out because their ledger doesn't record what it counts; empty where it leaves none."""
    return _("{n} left out: their ledger does not record this", n=f"{count.left:,}") if count.left else ""


def beside(session: Session, actor: Actor, here: Scope, definition: Definition, over: Span, flow: str) -> list[str]:
    """What a figure must not be read without, in words, for whoever reads every matter here."""
    if not reads_all(actor):
        return []
    over = readings.span("all") if definition.now else over
    found = readings.beside(session, definition.code, here.path, over, flow)
    return [_beside(code, count) for code, count in found.items()]


def _beside(code: str, count: Count) -> str:
    parts = f" ({number(count.numerator)}/{count.denominator:,})" if count.denominator else ""
    return f"{term('indicator', code)} {value(count, indicators.definitions()[code].unit)}{parts}"


def cards(session: Session, actor: Actor, here: Scope, figures: list[Figure], period: str, flow: str = "") -> None:
    """The key figures of a flow over a period side by side; on a phone they wrap two to a row."""
    held = next((figure for figure in figures if figure.definition.code == _PAUSED), None)
    with st.grid(columns="auto", min_column_width=150, gap="small", key="figures"):
        for figure in figures:
            if figure is not held:
                told = disclosure.told(session, actor, here, figure)
                notes = beside(session, actor, here, figure.definition, readings.span(period), flow)
                paused = held if figure.definition.code == "open" else None
                _card(actor, here, figure.definition, told, _Around(period, flow, paused, tuple(notes)))


@dataclass(frozen=True)
class _Around:
    """What a card is drawn with: the period, the flow, the share on hold where it stands here, and notes."""

    period: str
    flow: str
    held: Figure | None
    notes: tuple[str, ...]


def _card(actor: Actor, here: Scope, definition: Definition, figure: Figure | None, around: _Around) -> None:
    code, change = definition.code, _change(figure) if figure else None
    with st.container(border=True, key=f"figure-{code}", gap="xxsmall", height="stretch"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(term("indicator", code), width="content")
            with st.popover(_("Definition"), type="tertiary", icon=":material/info:"):
                define(definition, figure)
        st.metric(
            term("indicator", code),
            value(figure.count, definition.unit) if figure else _("not shown"),
            delta=change,
            delta_color=_colour(figure, definition),
            chart_data=_line(figure) if figure else None,
            label_visibility="collapsed",
        )
        if change:
            st.caption(_worth(figure))
        if only_public(actor) or figure is None:
            return  # The rows behind a public figure are not public.
        for note in filter(None, (*around.notes, left_out(figure.count))):
            st.caption(md(note))
        page, asked = _behind(code, around.flow)
        period = {} if definition.now else {"opened_from": readings.first_day(around.period)}
        page_link(page, _("List"), icon=":material/arrow_forward:", **params(here, **asked, **period))
        if held := around.held:
            page, asked = _behind(_PAUSED, around.flow)
            told = _("On hold: {count} ({share})", count=number(held.count.numerator), share=value(held.count, "share"))
            page_link(page, told, icon=":material/pause:", **params(here, **asked))


def _colour(figure: Figure | None, definition: Definition) -> Literal["normal", "inverse", "off"]:
    # Only what is more than noise is good or bad.
    if figure is None or figure.change is None or figure.change.verdict != "more_than_noise":
        return "off"
    colours: dict[str, Literal["normal", "inverse"]] = {"up": "normal", "down": "inverse"}
    return colours.get(definition.better, "off")


def _worth(figure: Figure | None) -> str:
    verdict = figure.change.verdict if figure and figure.change else ""
    return {"may_be_noise": _("within noise"), "too_few": _("few cases")}.get(verdict, _("vs before"))


def _line(figure: Figure) -> list[float] | None:
    seen = [point for point in figure.trend if point is not None]
    return seen if len(seen) > 2 else None


def _change(figure: Figure) -> str | None:
    now, before = figure.count.value, figure.before.value if figure.before else None
    if now is None or before is None or now == before:
        return None
    if figure.definition.unit == "share":
        return _("{points} pts", points=f"{(now - before) * 100:+.1f}")
    return f"{now - before:+.0f}"


def time_to_close(found: dict[str, Duration], here: Scope, period: str, flow: str = "") -> None:
    """How long matters take, in a line: the median, the ninetieth per cent, and the way to the whole page."""
    if not all(told.n or told.left for told in found.values()):
        return
    half, most = (duration(told) for told in found.values())
    said = _("Time to close: half within **{half}**, nine tenths within **{most}**", half=half, most=most)
    if not any(told.n for told in found.values()):
        said = _("Time to close: not recorded by the ledger these matters came from")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="lasted"):
        st.markdown(said)
        page_link("figures", _("All figures"), ":material/monitoring:", **_asked(here, period, flow))


def _asked(here: Scope, period: str, flow: str) -> dict[str, str]:
    return params(here, flow=flow) | {"figure": "duration_median", "period": period}


def define(definition: Definition, figure: Figure | None) -> None:
    """What the figure means: definition, numerator, denominator with their counts, source and evidence mark.

    Without ``figure`` it is withheld, and the reader is told so instead of the counts.
    """
    tongue = language()
    st.markdown(f"**{term('indicator', definition.code)}**  \n{definition.text('definition', tongue)}")
    if figure is None:
        st.caption(_("Counts below 5 are not shown, nor any count that would give one away."))
    elif figure.count.denominator is not None:
        st.markdown(
            f"{definition.text('numerator', tongue)}: **{number(figure.count.numerator)}**  \n"
            f"{definition.text('denominator', tongue)}: **{figure.count.denominator:,}**"
        )
    if figure and figure.months:
        st.caption(
            _(
                "Trend by month, {first} to {last}",
                first=month_label(figure.months[0]),
                last=month_label(figure.months[-1]),
            )
        )
    st.caption(_("Source: {source} (evidence {mark})", source=definition.source, mark=definition.mark))
