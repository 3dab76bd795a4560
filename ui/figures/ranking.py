"""The fair ranking: intervals instead of places, and the words that say when a difference is only luck."""

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from services.figures.kept_counts import Count
from services.figures.rankings import UNRANKED, Ranked
from services.layers.shading import as_read
from ui.frame.text import _, md

_SURE = ("#2F6B7E", "#A61E22", "#8A8F98")
_VERDICTS = {"better": "▲", "worse": "▼", "same": "●", "too_few": "·", "no_cases": "–", "not_recorded": "–"}


def show(rows: list[Ranked], withheld: Collection[str] = (), whole: Count | None = None) -> None:
    """The areas with their intervals as a chart, and the same in words; of those ``withheld`` only the names.

    Of ``whole`` the cases are told that lie in none of the areas.
    """
    if direct := _direct(rows, whole):
        st.caption(_("{n} cases lie in none of these areas.", n=direct))
    drawn = [row for row in rows if row.verdict not in UNRANKED]
    if withheld:
        st.caption(_("Not shown, so that no small count gives itself away: {names}", names=md(", ".join(withheld))))
    if not drawn and withheld:
        return
    unknown = [row.area.name for row in rows if row.verdict == "not_recorded"]
    if not drawn and unknown:
        st.info(_("Not recorded: the ledger these matters came from says nothing of it."), icon=":material/info:")
        return
    if not drawn:
        st.info(_("No cases in this period. Choose a longer one."), icon=":material/info:")
        return
    st.vega_lite_chart(
        spec(drawn, lambda row: row.area.name),
        key="ranking",
        width="stretch",
        alt=_("Share closed on time, with 95 % interval, by area"),
    )
    if unknown:
        st.caption(_("Not recorded: {names}", names=md(", ".join(unknown))))
    small = [row.area.name for row in rows if row not in drawn and row.verdict != "not_recorded"]
    if small:
        st.caption(_("Not ranked, too few cases: {names}", names=md(", ".join(small))))
    st.caption(
        _(
            "The bar is the 95 % interval; areas whose bar crosses the dashed line do not differ from the whole."
            " The tick is the share counted, the dot the share made fair: the fewer the cases, the nearer to the whole."
            " Areas with a letter in common do not differ from each other."
        )
    )


def _direct(rows: list[Ranked], whole: Count | None) -> int:
    return (whole.denominator or 0) - sum(row.count.denominator or 0 for row in rows) if whole else 0


def words(verdict: str) -> str:
    """A verdict in words, with its shape."""
    said = {
        "better": _("better than the whole"),
        "worse": _("worse than the whole"),
        "same": _("no significant difference"),
        "too_few": _("too few cases"),
        "no_cases": _("No cases"),
        "not_recorded": _("Not recorded"),
    }[verdict]
    return f"{_VERDICTS[verdict]} {said}"


def spec(rows: list[Ranked], named: Callable[[Ranked], str]) -> dict[str, Any]:
    """The chart of ``rows``: interval, fair share and the common share as a dashed line."""
    hits = sum(row.count.numerator for row in rows)
    common = hits / sum(row.count.denominator or 0 for row in rows)
    values = [
        {
            "area": f"{named(row)} ({row.count.denominator}) {row.letters}",
            "low": as_read(row.low, "share"),
            "high": as_read(row.high, "share"),
            "fair": as_read(row.fair, "share"),
            "share": as_read(row.share, "share"),
            "said": words(row.verdict),
            "cases": f"{row.count.numerator:g} / {row.count.denominator}",
            "verdict": row.verdict,
        }
        for row in rows
    ]
    y = {"field": "area", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 160, "ticks": False}}
    colour = {
        "field": "verdict",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": list(_VERDICTS),
            "range": [*_SURE, *["#C9C4BC"] * 3],
        },
    }
    tooltip = [
        {"field": "area", "title": _("Name")},
        {"field": "cases", "title": _("Cases")},
        {"field": "said", "title": _("Reading")},
    ]
    share = {"format": "~%", "title": None, "grid": True, "tickCount": 6}
    return {
        "data": {"values": values},
        "height": {"step": 26},
        "encoding": {"y": y, "color": colour, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.35},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": {"zero": False}, "axis": share},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90},
                "encoding": {"x": {"field": "fair", "type": "quantitative"}},
            },
            {
                "mark": {"type": "tick", "thickness": 2, "size": 14},
                "encoding": {"x": {"field": "share", "type": "quantitative"}},
            },
            {
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#22262B"},
                "data": {"values": [{"common": as_read(common, "share")}]},
                "encoding": {
                    "x": {"field": "common", "type": "quantitative"},
                    "y": None,
                    "color": None,
                    "tooltip": None,
                },
            },
        ],
    }
