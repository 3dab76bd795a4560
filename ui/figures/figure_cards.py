"""Figures in words: values, durations, what they leave out, what they mean, and what stands beside them."""

import streamlit as st
from sqlmodel import Session

from services.figures import indicators, readings
from services.figures.durations import Duration
from services.figures.indicators import Count, Definition
from services.figures.kept_counts import Span, percent
from services.figures.readings import Figure
from services.places.areas import Scope
from services.rights.permissions import Actor, reads_all
from services.system.clock import month_label
from ui.frame.text import _, language, md, term


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


def explained(definition: Definition, figure: Figure | None) -> list[str]:
    """What the figure means, in sentences: definition, the parts with their counts, months of the trend, source.

    Without ``figure`` it is withheld, and the reader is told so instead of the counts.
    """
    tongue, said = language(), [definition.text("definition", language())]
    if figure is None:
        said.append(_("Counts below 5 are not shown, nor any count that would give one away."))
    elif figure.count.denominator is not None:
        said.append(f"{definition.text('numerator', tongue)}: {number(figure.count.numerator)}")
        said.append(f"{definition.text('denominator', tongue)}: {figure.count.denominator:,}")
    if figure and figure.months:
        first, last = month_label(figure.months[0]), month_label(figure.months[-1])
        said.append(_("Trend by month, {first} to {last}", first=first, last=last))
    return [*said, _("Source: {source} (evidence {mark})", source=definition.source, mark=definition.mark)]


def define(definition: Definition, figure: Figure | None) -> None:
    """What the figure means, under its name."""
    told = "  \n".join(md(one) for one in explained(definition, figure))
    st.markdown(f"**{term('indicator', definition.code)}**  \n{told}")
