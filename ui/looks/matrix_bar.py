"""The bar of the matrix: the year, what stands along its sides and in its cells; or a rule, and who misses it."""

from dataclasses import replace

import streamlit as st

from services.looks import matrix
from services.places.playbook import Playbook
from ui.frame import url
from ui.frame.text import _, term
from ui.looks import matrix_view

TABLE = "table"


def offering(runs: Playbook) -> Playbook:
    """What runs in a place, of that what can be shown as a matrix."""
    return replace(runs, flows=tuple(flow for flow in runs.flows if matrix.axes(flow, "rows")))


def _one_of(name: str, label: str, labels: dict[str, str], width: int) -> str:
    known = list(labels)
    return str(
        st.selectbox(
            label,
            known,
            key=url.recall(name, known, known[0]),
            on_change=url.keep,
            args=(name,),
            format_func=lambda code: labels.get(code, code),
            width=width,
        )
    )


def show(years: list[int], rules: list[str]) -> tuple[int, str]:
    """The year, and the rule whose gaps are asked for; ``table`` where it is the matrix."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="matrix-bar"):
        year = _one_of("year", _("Year"), {str(one): str(one) for one in years}, 120)
        words = {TABLE: _("Matrix")} | {code: _("Due: {what}", what=term(*code.split(".", 1))) for code in rules}
        view = _one_of("due", _("Show"), words, 260) if rules else TABLE
    return int(year), view


def axes(flow: str) -> tuple[str, str, str]:
    """What stands along the rows and columns, and what a cell says."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="matrix-axes"):
        rows = _one_of("rows", _("Rows by"), _names(flow, matrix.axes(flow, "rows")), 200)
        others = tuple(name for name in matrix.axes(flow, "columns") if name != rows)
        columns = _one_of("columns", _("Columns by"), _names(flow, others), 200)
        measure = _one_of("measure", _("Cells show"), matrix_view.measures(flow), 200)
    return rows, columns, measure


def _names(flow: str, some: tuple[str, ...]) -> dict[str, str]:
    return {name: matrix_view.axis_name(flow, name) for name in some}
