"""A matrix on the screen: one table whose empty cells are seen, each full one leading to what it counts."""

from html import escape

import streamlit as st

from services.engine import field_words
from services.looks import matrix
from services.looks.matrix import Axis, Cell, Matrix
from services.looks.periodicity import Duty, Period
from services.matters import kept, list_pages
from services.matters.matters import Filter
from ui.frame import blocks
from ui.frame.text import _, language, term

MEASURES = ("count", "matters", "present")


def axis_name(flow: str, name: str) -> str:
    """What an axis is called."""
    own = kept.of(flow).get(name)
    if own is not None:
        return field_words.name(own, language())
    said = {"unit": _("Unit"), "month": _("Month"), "level": _("Level"), "category": _("Category")}
    return said.get(name) or term("level", name)


def label(flow: str, axis: Axis, code: str) -> str:
    """What a row or column is called."""
    if axis.name == "month":
        return _("month {number}", number=int(code))
    own = kept.of(flow).get(axis.name)
    return axis.names.get(code) or term(kept.word(own) if own else axis.name, code)


def show(wanted: Filter, found: Matrix, measure: str, year: int, area: str) -> None:
    """The table, with sums at its sides."""
    rows, columns = found.rows, found.columns
    if not rows.codes or not columns.codes:
        st.info(_("Nothing stands along this side here. Choose another, or a larger area."), icon=":material/grid_off:")
        return
    head = "".join(blocks.wrapped("th", escape(label(wanted.flow, columns, code))) for code in columns.codes)
    body = "".join(_row(wanted, found, code, measure, year, area) for code in rows.codes)
    sums = "".join(
        blocks.wrapped("td", str(_sum(found, measure, column=code) or "")) for code in columns.codes
    ) + blocks.wrapped("td", str(_sum(found, measure)))
    corner, whole = escape(axis_name(wanted.flow, rows.name)), escape(_("Together"))
    table = (
        f"<thead><tr><th>{corner}</th>{head}<th>{whole}</th></tr></thead>"
        f"<tbody>{body}<tr class='sum'><th>{whole}</th>{sums}</tr></tbody>"
    )
    blocks.draw(blocks.wrapped("div", blocks.wrapped("table", table, "mulin-matrix"), "mulin-scroll"))
    full = sum(1 for row in rows.codes for column in columns.codes if (row, column) in found.cells)
    st.caption(_("{full} of {all} cells are filled.", full=full, all=len(rows.codes) * len(columns.codes)))


def _row(wanted: Filter, found: Matrix, row: str, measure: str, year: int, area: str) -> str:
    cells = "".join(_cell(wanted, found, row, column, measure, year, area) for column in found.columns.codes)
    name = blocks.wrapped("th", escape(label(wanted.flow, found.rows, row)))
    return blocks.wrapped("tr", name + cells + blocks.wrapped("td", str(_sum(found, measure, row=row) or "")))


def _sum(found: Matrix, measure: str, row: str = "", column: str = "") -> int:
    some = (cell for (one, other), cell in found.cells.items() if row in ("", one) and column in ("", other))
    return sum(getattr(cell, measure) for cell in some)


def _cell(wanted: Filter, found: Matrix, row: str, column: str, measure: str, year: int, area: str) -> str:
    cell: Cell | None = found.cells.get((row, column))
    if cell is None:
        return blocks.wrapped("td", "–", "empty")
    page, asked = address(wanted, {found.rows.name: row, found.columns.name: column}, year, area)
    said = str(getattr(cell, measure))
    return blocks.wrapped("td", blocks.link(page, blocks.text("span", said), "mulin-way", **asked) if page else said)


def address(wanted: Filter, at: dict[str, str], year: int, area: str) -> tuple[str, dict[str, str]]:
    """The page that shows what a cell counts: a month of the calendar, or the list. None for levels, which no list
    asks by."""
    if "level" in at:
        return "", {}
    place = next((at[name] for name in ("estate", "community") if name in at), area)
    own = {name: code for name, code in at.items() if name in kept.of(wanted.flow) or name in ("unit", "category")}
    asked = {"area": place, "flow": wanted.flow} | own
    if "month" in at:
        return "days", {**asked, "view": "month", "at": f"{year}-{at['month']}-01"}
    return list_pages.address(wanted.flow), {**asked, "open": "all"}


def duties(found: list[Duty]) -> None:
    """What each branch held in each period, and where it is missing."""
    if not found:
        st.info(_("No organisation that the rule binds is on record here."), icon=":material/grid_off:")
        return
    spans = found[0].periods
    head = "".join(blocks.wrapped("th", escape(_span(one))) for one in spans)
    rows = "".join(
        blocks.wrapped("tr", blocks.wrapped("th", escape(one.name)) + "".join(map(_period, one.periods)))
        for one in found
    )
    unit = escape(_("Unit"))
    table = f"<thead><tr><th>{unit}</th>{head}</tr></thead><tbody>{rows}</tbody>"
    missing = sum(period.missing for one in found for period in one.periods)
    blocks.draw(blocks.wrapped("div", blocks.wrapped("table", table, "mulin-matrix"), "mulin-scroll"))
    st.caption(_("{count} are missing of those whose time is over.", count=missing))


def _span(one: Period) -> str:
    if one.first == one.last:
        return _("month {number}", number=one.first)
    return _("months {first}–{last}", first=one.first, last=one.last)


def _period(one: Period) -> str:
    if one.held:
        return blocks.wrapped("td", f"✓ {one.held}")
    if one.missing:
        return blocks.wrapped("td", blocks.badge("▲ " + _("missing"), "red"))
    return blocks.wrapped("td", escape(_("due")) if one.begun else "", "empty")


def measures(flow: str) -> dict[str, str]:
    """What a cell can say."""
    if not matrix.holds(flow):
        return {"count": _("matters")}
    return {"count": _("Occasions held"), "matters": _("Matters they belong to"), "present": _("Attendances")}
