"""What each column of a file means: guessed, shown with examples, and corrected by hand."""

from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from services.importing.mapping import kinds
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Source
from ui.frame.text import _, language, md
from ui.importing.open_file import Desk

_LOOKED_AT, _SHOWN = 300, 3
# So many columns are shown at once; more scroll, within so many pixels.
_WHOLE, _TALL = 18, 620


def show(desk: Desk) -> None:
    """One line for each column of the file; what is changed there is in the mapping at once."""
    known = kinds.fields(desk.mapping.kind)
    st.data_editor(
        _frame(desk),
        key=f"import-columns-{desk.round}",
        hide_index=True,
        on_change=_correct,
        args=(desk,),
        height="content" if len(desk.sheet.columns) <= _WHOLE else _TALL,
        column_config={
            "column": st.column_config.TextColumn(_("Column of the file"), disabled=True, width=190),
            "examples": st.column_config.TextColumn(_("Such as"), disabled=True, width=330),
            "means": st.column_config.MultiselectColumn(
                _("Means"),
                options=list(known),
                format_func=lambda code: known[code].label(language()),
                width=300,
                color="primary",
            ),
        },
    )
    named = {name for names in desk.mapping.columns.values() for name in names}
    left = [name for name in desk.sheet.columns if name not in named]
    if left:
        st.caption(_("Not imported: {columns}", columns=md(", ".join(left))))
    missing = [
        field.label(language()) for field in known.values() if field.required and not desk.mapping.has(field.code)
    ]
    if missing:
        st.warning(
            _("Not found in the file: {fields}. Say above which column it is.", fields=md(", ".join(missing))),
            icon=":material/rule:",
        )


def _frame(desk: Desk) -> pd.DataFrame:
    columns, examples = desk.sheet.columns, _examples(desk.source, desk.layer)
    means = [[field for field, named in desk.mapping.columns.items() if column in named] for column in columns]
    return pd.DataFrame({"column": columns, "examples": [examples[column] for column in columns], "means": means})


@st.cache_data(max_entries=20, show_spinner=False, hash_funcs={Source: lambda source: source.digest})
def _examples(source: Source, layer: int) -> dict[str, str]:
    columns, found = source.layers[layer].columns, dict[str, dict[str, None]]()
    for row in islice(source.rows(layer), _LOOKED_AT):
        for column, cell in zip(columns, row.cells, strict=True):
            seen = found.setdefault(column, {})
            if cell and len(seen) < _SHOWN:
                seen[cell.replace("\n", " ")[:40]] = None
    return {column: " · ".join(found.get(column, {})) for column in columns}


def _correct(desk: Desk) -> None:
    changes: dict[int, dict[str, Any]] = st.session_state[f"import-columns-{desk.round}"]["edited_rows"]
    columns, told = desk.sheet.columns, desk.mapping
    for at, change in changes.items():
        if "means" in change:
            told = _means(told, columns, columns[int(at)], change["means"] or [])
    desk.mapping = told


def _means(told: Mapping, order: list[str], column: str, fields: list[str]) -> Mapping:
    named = {field: [name for name in names if name != column] for field, names in told.columns.items()}
    for field in fields:
        named[field] = sorted([*named.get(field, []), column], key=order.index)
    return told.model_copy(update={"columns": {field: names for field, names in named.items() if names}})
