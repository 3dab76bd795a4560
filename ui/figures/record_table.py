"""The records behind a figure as a table: each leads to where it stands, if that has a page of its own."""

from typing import Any

import pandas as pd
import streamlit as st

from services.figures.records_behind import Behind, Line
from ui.frame import menu
from ui.frame.text import _, moment, term
from ui.matter import number_column

_KEY = "records"
# What the page that shows one record calls its code in the address.
_PARAMS = {"map": "area", "matter": "no"}


def show(found: Behind) -> None:
    """A row for each record; columns that say nothing about any of them are left out."""
    if not found.lines:
        st.info(_("Nothing is recorded here yet."), icon=":material/info:")
        return
    table = pd.DataFrame([_row(line, found.found.kinds) for line in found.lines])
    told = table.loc[:, (table != "").any()].rename(columns=_headings())
    leads = found.found.leads
    columns: dict[str, Any] = {_("Code"): number_column.column(_("Code"), _KEY)} if leads in _PARAMS else {}
    st.dataframe(
        told, hide_index=True, placeholder="–", height="auto" if len(told) < 12 else 470, column_config=columns
    )
    pressed = number_column.pressed(_KEY) if columns else None
    if pressed is not None and pressed < len(found.lines):
        st.switch_page(menu.page(leads), query_params={_PARAMS[leads]: found.lines[pressed].code})


def _row(line: Line, kinds: str) -> dict[str, str]:
    return {
        "code": line.code,
        "name": line.name,
        "kind": term(kinds, line.kind) if kinds and line.kind else line.kind,
        "area": line.area,
        "amount": "" if line.amount is None else f"{line.amount:,}",
        "at": moment(line.at),
    }


def _headings() -> dict[str, str]:
    return {
        "code": _("Code"),
        "name": _("Name"),
        "kind": _("Kind"),
        "area": _("Area"),
        "amount": _("Amount"),
        "at": _("When"),
    }
