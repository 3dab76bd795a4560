"""Lists of matters: a table on wide screens that selects rows and leads to each matter."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.matter import Matter
from services.matters.matters import Row
from ui.frame.links import matter_link
from ui.frame.text import _, day, md, term

CLOCK_SHAPES = {
    "serious": "▲▲",
    "overdue": "▲",
    "due_soon": "◆",
    "on_track": "●",
    "hold_over": "‖!",
    "paused": "‖",
    "none": "–",
    "on_time": "✓",
    "late": "△",
}
CLOCK_COLOURS = {
    "serious": "red",
    "overdue": "red",
    "due_soon": "orange",
    "on_track": "green",
    "hold_over": "orange",
    "paused": "gray",
    "none": "gray",
    "on_time": "green",
    "late": "red",
}


def clock_text(standing: str) -> str:
    """A clock by shape and label, for places that know no colour."""
    return f"{CLOCK_SHAPES[standing]} {term('clock', standing)}"


def clock_badge(standing: str) -> None:
    """A clock by shape, label and colour."""
    st.badge(clock_text(standing), color=CLOCK_COLOURS[standing])  # type: ignore[arg-type]


def frame(rows: list[Row]) -> pd.DataFrame:
    """The rows as a table of words, with the link to each matter."""
    return pd.DataFrame([_cells(row) for row in rows], columns=list(_columns()))


def _cells(row: Row) -> dict[str, Any]:
    matter = row.matter
    return {
        "number": f"/matter?no={matter.number}",
        "title": matter.title,
        "state": term(f"state.{matter.flow}", matter.state),
        "clock": clock_text(row.standing),
        "due": _due(matter),
        "area": row.area,
        "category": term("category", matter.category),
        "unit": row.unit,
        "opened": day(matter.opened_at),
    }


def _due(matter: Matter) -> str:
    """The deadline; of a matter on hold, until when that is expected to last."""
    return _("hold until {day}", day=day(matter.hold_until)) if matter.hold_until else day(matter.due_at)


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "number": st.column_config.LinkColumn(_("Number"), display_text=r"no=(.+)$", width=130),
        "title": text(_("Title"), width=290),
        "state": text(_("State"), width=115),
        "clock": text(_("Clock"), width=110),
        "due": text(_("Due"), width=100),
        "area": text(_("Area"), width=120),
        "category": text(_("Category"), width=120),
        "unit": text(_("Unit"), width=150),
        "opened": text(_("Raised on"), width=100),
    }


def matters(rows: list[Row], key: str) -> list[str]:
    """Draw the table, or on a phone cards; returns the numbers of the selected rows."""
    if "Mobi" in st.context.headers.get("User-Agent", ""):
        cards(rows, key)
        return []
    with st.container(key="narrow"):
        st.html("".join(_line(row) for row in rows))
    with st.container(key="wide"):
        return _table(rows, key)


def _line(row: Row) -> str:
    # A window made narrow on a desk is rare: one plain list is enough for it, and costs no more than the table.
    matter, words = row.matter, (row.area, term(f"state.{row.matter.flow}", row.matter.state), _due(row.matter))
    return (
        f'<a class="mulin-line" href="/matter?no={escape(matter.number)}" target="_self"><b>{escape(matter.title)}</b>'
        f"<span>{escape(clock_text(row.standing))}</span><small>{escape(' · '.join(filter(None, words)))}</small></a>"
    )


def _table(rows: list[Row], key: str) -> list[str]:
    event = st.dataframe(
        frame(rows),
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config=_columns(),
        height="content",
    )
    return [rows[at].matter.number for at in event.selection.rows if at < len(rows)]


def cards(rows: list[Row], key: str) -> None:
    """The same list as cards, for a phone or a side column."""
    for row in rows:
        card(row, f"{key}-{row.matter.number}")


def card(row: Row, key: str) -> None:
    """One matter as a card that leads to it: title, clock, area, state, deadline and unit."""
    with st.container(border=True, key=key, gap="xxsmall"):
        brief(row)


def brief(row: Row) -> None:
    """What a card says of a matter, inside whatever holds it."""
    matter = row.matter
    words = (row.area, term(f"state.{matter.flow}", matter.state), _due(matter), row.unit)
    matter_link(matter)
    badge = f":{CLOCK_COLOURS[row.standing]}-badge[{clock_text(row.standing)}]"
    st.markdown(f"{badge} :small[:gray[{md(' · '.join(filter(None, words)))}]]")
