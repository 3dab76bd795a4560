"""The chart of a breakdown: shares and times with their 95 % intervals, counts as bars, months from left to right."""

from typing import Any

import streamlit as st

from services.figures import rankings
from services.figures.breakdowns import Breakdown, Line, flat
from ui.figures import breakdown_words, ranking
from ui.frame.text import _, term

_MOST = 40
_INK = "#2F6B7E"


def show(found: Breakdown) -> None:
    """Draw the lines that have cases, the first forty of them; nothing where there are fewer than two."""
    drawn = [line for line in flat(found.lines) if not (line.place and line.place.verdict in rankings.UNRANKED)]
    if len(drawn) < 2:
        return
    label = _("{indicator} with 95 % interval", indicator=term("indicator", found.definition.code))
    st.vega_lite_chart(_spec(found, drawn[:_MOST]), key="breakdown-chart", width="stretch", alt=label)
    if len(drawn) > _MOST:
        st.caption(_("The chart shows the first {n} lines; the table shows all.", n=_MOST))


def _spec(found: Breakdown, lines: list[Line]) -> dict[str, Any]:
    if found.definition.unit == "share" and found.by != "month":
        named = {id(line.place): breakdown_words.name(found, line) for line in lines}
        placed = [line.place for line in lines if line.place]
        return ranking.spec(placed, lambda row: named[id(row)])
    points = [_point(found, line) for line in lines]
    upright = found.by == "month"
    step = {"height": 260} if upright else {"height": {"step": 26}}
    along: dict[str, Any] = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 160},
    }
    return {
        "data": {"values": points},
        **step,
        "encoding": {"x" if upright else "y": along, "tooltip": _tooltip(found)},
        "layer": _layers(found, "y" if upright else "x"),
    }


def _point(found: Breakdown, line: Line) -> dict[str, Any]:
    value: float | None = line.count.value
    low, high = line.interval or (None, None)
    if line.lasting:
        value, low, high = map(_days, (line.lasting.hours, line.lasting.low, line.lasting.high))
    return {
        "name": breakdown_words.name(found, line),
        "value": value,
        "low": low,
        "high": high,
        "said": breakdown_words.value(found, line),
        "cases": breakdown_words.cases(line),
    }


def _days(hours: int | None) -> float | None:
    return None if hours is None else hours / 24


def _tooltip(found: Breakdown) -> list[dict[str, str]]:
    shown = {"name": term("dimension", found.by), "said": term("indicator", found.definition.code), "cases": _("Cases")}
    return [{"field": field, "title": title} for field, title in shown.items()]


def _layers(found: Breakdown, across: str) -> list[dict[str, Any]]:
    unit = found.definition.unit
    title = _("days") if unit == "hours" else None
    axis = {"format": "~%", "title": None} if unit == "share" else {"title": title}
    scale = {"zero": unit != "share"}
    value = {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}
    if unit not in ("share", "hours"):
        return [{"mark": {"type": "bar", "color": _INK}, "encoding": {across: value}}]
    spread = {across: value | {"field": "low"}, f"{across}2": {"field": "high"}}
    return [
        {"mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.35, "color": _INK}, "encoding": spread},
        {"mark": {"type": "point", "filled": True, "size": 90, "color": _INK}, "encoding": {across: value}},
    ]
