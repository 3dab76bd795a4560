"""A breakdown on the screen: the whole, a chart with intervals, and a table that leads to the rows behind it."""

from typing import Any

import pandas as pd
import streamlit as st

from services.figures import readings
from services.figures.breakdowns import Breakdown, Line
from services.figures.kept_counts import Span
from services.matters import case_conditions, matters
from services.places.areas import Scope
from services.rules import rules
from services.system import clock
from ui.figures import breakdown_chart, breakdown_words, ranking
from ui.figures import figure_cards as cards
from ui.frame import blocks, filters, menu, periods
from ui.frame.text import _, language, md, term
from ui.frame.text import width as text_width
from ui.matter import number_column

# The list of the first flow serves every flow that its address names.
LIST = "issues"
_PARTS = ("numerator", "denominator", "left")


def whole(found: Breakdown, against: Span | None, beside: list[str]) -> None:
    """The figure for all of it, large, with its interval, its change and its definition.

    ``against`` is what a comparison was asked with; where none was made, the reader is told. ``beside`` is what it
    must not be read without.
    """
    line, definition = found.whole, found.definition
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="whole"):
        with st.container(width="content", gap="xxsmall"):
            st.metric(term("indicator", definition.code), breakdown_words.value(found, line), width="content")
            said = [
                breakdown_words.cases(line),
                _interval(line),
                periods.said(found.span) if found.trended else _("now"),
            ]
            st.caption(md(" · ".join(filter(None, said))))
            if beside:
                st.caption(md(" · ".join(beside)))
        with st.popover(_("Definition"), type="tertiary", icon=":material/info:"):
            cards.define(definition, readings.Figure(definition, line.count, None, (), ()))
            _fine_print(found)
    if line.change and found.against:
        told = breakdown_words.change(found, line.change)
        st.markdown(md(_("Compared with {months}: {change}", months=periods.said(found.against), change=told)))
    elif against:
        st.caption(_("Not compared: the ledger does not reach back that far."))
    if line.lasting and line.lasting.unknown:
        left = _("{n} closed issues are left out: it is not known when they were closed.", n=line.lasting.unknown)
        st.caption(left)


def _interval(line: Line) -> str:
    told = breakdown_words.interval(line)
    return _("95 % interval {interval}", interval=told) if told else ""


def _fine_print(found: Breakdown) -> None:
    limit = rules.rule("comparison.chance")
    st.caption(limit.text(language()))
    if found.whole.change and found.whole.change.chance is not None:
        st.caption(
            _("Chance alone makes a change like this in {share} of cases.", share=f"{found.whole.change.chance:.1%}")
        )


def table(found: Breakdown, here: Scope) -> None:
    """One row a line; the counts lead to the matters they count."""
    if not found.lines:
        st.info(_("No cases in this period. Choose a longer one."), icon=":material/info:")
        return
    with st.container(key="narrow"):
        blocks.draw(*(_card(found, line, here) for line in found.lines))
    with st.container(key="wide", gap="medium"):
        breakdown_chart.show(found)
        rows = [_row(found, line) for line in found.lines]
        st.dataframe(
            pd.DataFrame(rows, columns=list(_columns(found))),
            hide_index=True,
            placeholder="–",
            column_config=_columns(found),
            height="content",
            key="breakdown",
        )
        _follow(found, here)
    if found.definition.unit == "share" and found.by != "month":
        st.caption(
            _(
                "Those with a letter in common do not differ; without a letter there are too few cases to say."
                " In the chart, the bar is the 95 % interval, the tick the share counted, the dot the share made fair:"
                " the fewer the cases, the nearer to the whole (dashed)."
            )
        )
    if found.definition.unit == "hours":
        st.caption(_("Times are not ranked: what one is given to do is not what another is."))


def _row(found: Breakdown, line: Line) -> dict[str, object]:
    hits, n = line.count.numerator, line.count.denominator
    return {
        "name": breakdown_words.name(found, line),
        "value": breakdown_words.value(found, line),
        "numerator": cards.number(hits),
        "denominator": f"{n:,}" if n is not None else "",
        "left": f"{line.count.left:,}",
        "interval": breakdown_words.interval(line),
        "reading": ranking.words(line.place.verdict) if line.place else "",
        "letters": line.place.letters if line.place else "",
        "change": breakdown_words.change(found, line.change),
        "trend": [value for value in line.trend if value is not None],
    }


def asked(found: Breakdown, line: Line, here: Scope, part: str) -> dict[str, str]:
    """What the list of exactly the matters asks that this part of the line counts; empty where none can list them."""
    code, one = found.definition.code, line is not found.whole
    if not case_conditions.listable(code, part):
        return {}
    told: dict[str, object] = {"flow": found.flow, "figure": f"{code}.{part}", "openness": "all"}
    if found.by in ("unit", "category") and one:
        told[found.by] = line.group.code or matters.NONE
    if found.by == "area" and not line.group.code:
        told["own"] = "1"
    area = line.group.code if found.by == "area" and line.group.code else here.code
    return filters.params(None, **told, **_months(found, line)) | {"area": area}


def _months(found: Breakdown, line: Line) -> dict[str, object]:
    first, last = found.span.first, found.span.last
    if found.by == "month" and line is not found.whole:
        first = last = line.group.id
    elif found.definition.now or first <= 0:
        return {}
    ends = clock.local(clock.first_of_month(last + 1)).date() - pd.Timedelta(days=1).to_pytimedelta()
    return {"opened_from": clock.local(clock.first_of_month(first)).date(), "opened_to": ends}


def _columns(found: Breakdown) -> dict[str, Any]:
    text, definition = st.column_config.TextColumn, found.definition
    share, hours = definition.unit == "share", definition.unit == "hours"
    columns: dict[str, Any] = {
        "name": text(term("dimension", found.by), width=140, pinned=True),
        "value": text(
            term("indicator", definition.code), width=200 if hours else _width(term("indicator", definition.code))
        ),
        "numerator": _counted(found, "numerator", _("List") if definition.unit == "count" else _("Counted")),
    }
    if definition.unit != "count":
        columns["denominator"] = _counted(found, "denominator", _("Out of"))
    if any(line.count.left for line in found.lines):
        columns["left"] = _counted(found, "left", _("Left out"))
    if share or hours:
        columns["interval"] = text(_("95 % interval"), width=150 if hours else 120)
    if share and found.by != "month":
        columns |= {"letters": text(_("Group"), width=_width(_("Group"))), "reading": text(_("Reading"), width=170)}
    if found.against:
        columns["change"] = text(_("Change"), width=200)
    if found.trended and not hours and found.by != "month":
        columns["trend"] = st.column_config.LineChartColumn(_("Trend"), width=80)
    return columns


def _counted(found: Breakdown, part: str, label: str) -> Any:
    told = _("Their ledger does not record this.") if part == "left" else found.definition.text(part, language())
    if not case_conditions.listable(found.definition.code, part):
        return st.column_config.TextColumn(label, help=told, width=_width(label))
    return number_column.column(label, _key(part), _width(label), told)


def _width(head: str) -> int:
    """So wide that the heading is not cut."""
    return max(62, 22 + text_width(head))


def _key(part: str) -> str:
    return f"breakdown-{part}"


def _follow(found: Breakdown, here: Scope) -> None:
    """Go to the list behind a count that was pressed."""
    for part in _PARTS:
        at = number_column.pressed(_key(part))
        if at is not None and at < len(found.lines) and (wanted := asked(found, found.lines[at], here, part)):
            st.switch_page(menu.page(LIST), query_params=wanted)


def _card(found: Breakdown, line: Line, here: Scope) -> str:
    words = (
        breakdown_words.cases(line),
        breakdown_words.interval(line),
        breakdown_words.change(found, line.change),
    )
    letters = line.place.letters if line.place else ""
    told = f"{breakdown_words.value(found, line)} {letters}"
    named = blocks.text("b", breakdown_words.name(found, line)) + blocks.text("span", told)
    inner = named + blocks.text("small", " · ".join(filter(None, words)))
    wanted = asked(found, line, here, "numerator")
    return blocks.link(LIST, inner, "mulin-line", **wanted) if wanted else blocks.wrapped("div", inner, "mulin-line")
