"""Lists of matters: a table on wide screens that selects rows and leads to each matter."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from models.matter import Matter
from services.engine import field_words
from services.engine.definition import Field
from services.matters import kept, sorting
from services.matters.matters import Row
from ui.frame import blocks
from ui.frame.text import _, day, language, term
from ui.matter import column_widths, number_column

CLOCK_SHAPES = {
    "serious": "▲▲",
    "overdue": "▲",
    "overdue_only": "▲",
    "extended_late": "▲+",
    "held_late": "‖▲",
    "held_late_over": "‖▲!",
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
    "overdue_only": "red",
    "extended_late": "red",
    "held_late": "red",
    "held_late_over": "red",
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


def clock_mark(standing: str) -> str:
    """The same inside a block."""
    return blocks.badge(clock_text(standing), CLOCK_COLOURS[standing])


def frame(rows: list[Row], columns: tuple[str, ...]) -> pd.DataFrame:
    """The rows as a table of words, with the link to each matter."""
    own = kept.of(rows[0].matter.flow) if rows else {}
    return pd.DataFrame([{name: _cell(row, name, own) for name in columns} for row in rows], columns=list(columns))


def _cell(row: Row, name: str, own: dict[str, Field]) -> str:
    if name in _CELLS:
        return _CELLS[name](row)
    if name in own:
        return kept.shown(own[name], row.beside.get(name), language(), {})
    value = row.beside[name] if name in row.beside else getattr(row.matter, name, None)
    return term(name, str(value)) if value is not None else ""


_CELLS: dict[str, Callable[[Row], str]] = {
    "number": lambda row: row.matter.number,
    "title": lambda row: row.matter.title,
    "state": lambda row: term(f"state.{row.matter.flow}", row.matter.state),
    "clock": lambda row: clock_text(row.standing),
    "due": lambda row: _due(row.matter),
    "area": lambda row: row.area,
    "unit": lambda row: row.unit,
    "opened": lambda row: day(row.matter.opened_at),
    "closed": lambda row: day(row.matter.closed_at),
    "public": lambda row: _("yes") if row.matter.public else _("no"),
}


def _due(matter: Matter) -> str:
    """The deadline; of a matter on hold, until when that is expected to last; of one given more time, until when."""
    if matter.extended_to:
        return _("extended to {day}", day=day(matter.extended_to))
    return _("hold until {day}", day=day(matter.hold_until)) if matter.hold_until else day(matter.due_at)


def _heads() -> dict[str, str]:
    return {
        "number": _("Number"),
        "title": _("Title"),
        "state": _("State"),
        "clock": _("Clock"),
        "due": _("Due"),
        "area": _("Area"),
        "category": _("Category"),
        "unit": _("Unit"),
        "forum": _("Forum"),
        "opened": _("Raised on"),
        "closed": _("Closed on"),
        "source": _("Source"),
        "location": _("Place"),
        "description": _("Description"),
        "public": _("Public"),
        "grade": _("Grade"),
        "parties": _("Parties"),
        "clauses": _("Clauses kept"),
        "occasions": _("Occasions"),
        "present": _("Attendances"),
    }


def _head(flow: str, name: str, sort: str) -> str:
    head, by = _heads().get(name) or _name(flow, name), sorting.sort_of(flow, name)
    if by and sort.removeprefix("-") == by:
        return f"{head} {'↓' if sort.startswith('-') else '↑'}"
    return head


def _columns(told: pd.DataFrame, flow: str, sort: str, key: str) -> dict[str, Any]:
    heads = {str(name): _head(flow, str(name), sort) for name in told.columns}
    widths = column_widths.of(told, heads, "title")
    text = {name: st.column_config.TextColumn(head, width=widths[name]) for name, head in heads.items()}
    return text | {"number": number_column.column(heads["number"], key, widths["number"])} if "number" in text else text


def _name(flow: str, name: str) -> str:
    own = kept.of(flow).get(name)
    return field_words.name(own, language()) if own else name


def on_a_phone() -> bool:
    """Whether cards are drawn instead of a table."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def matters(rows: list[Row], key: str, columns: tuple[str, ...], sort: str, many: bool) -> list[str]:
    """Draw the table, or on a phone cards; returns the numbers of the selected rows, where ``many`` may be selected.

    A click on a heading sorts the whole list by it, not only the rows that are shown.
    """
    if on_a_phone():
        blocks.draw(cards(rows))
        return []
    with st.container(key="narrow"):
        blocks.draw(*(_line(row) for row in rows))
    with st.container(key="wide"):
        return _table(rows, f"{key}-{sort}", columns, sort, many)


def _line(row: Row) -> str:
    # A window made narrow on a desk is rare: one plain list is enough for it, and costs no more than the table.
    matter, words = row.matter, (row.area, term(f"state.{row.matter.flow}", row.matter.state), _due(row.matter))
    said = blocks.text("span", clock_text(row.standing)) + blocks.text("small", " · ".join(filter(None, words)))
    return blocks.link("matter", blocks.text("b", matter.title) + said, "mulin-line", no=matter.number)


def _table(rows: list[Row], key: str, columns: tuple[str, ...], sort: str, many: bool) -> list[str]:
    flow = rows[0].matter.flow
    told = frame(rows, columns)
    event = st.dataframe(
        told,
        key=key,
        hide_index=True,
        placeholder="–",
        on_select=lambda: _sort_by(flow, key, sort),
        selection_mode=["multi-row", "single-column"] if many else ["single-column"],
        column_config=_columns(told, flow, sort, key),
        height="content",
    )
    number_column.follow(key)
    return [rows[at].matter.number for at in event.selection.rows if at < len(rows)]


def _sort_by(flow: str, key: str, sort: str) -> None:
    for name in st.session_state[key].selection.columns:
        if by := sorting.sort_of(flow, name):
            # The first click on the day something was raised means the newest.
            turned = f"-{by}" if sort == by or (by == "oldest" and sort != "-oldest") else by
            st.query_params["sort"] = turned
            st.query_params.pop("page", None)


def cards(rows: list[Row]) -> str:
    """The same list as cards, for a phone or a side column: HTML for one block."""
    return blocks.listed([card(row) for row in rows], "mulin-cards")


def card(row: Row) -> str:
    """One matter as a card that leads to it: title, clock, area, state, deadline and unit."""
    return blocks.link("matter", brief(row), "mulin-card", no=row.matter.number)


def brief(row: Row) -> str:
    """What a card says of a matter, inside whatever holds it."""
    matter = row.matter
    words = (row.area, term(f"state.{matter.flow}", matter.state), _due(matter), row.unit)
    said = blocks.text("small", " · ".join(filter(None, words)))
    return blocks.text("b", matter.title) + clock_mark(row.standing) + said
