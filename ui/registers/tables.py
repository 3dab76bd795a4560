"""Tables of the registers: rows of words and counts, drawn as one sheet, or a sentence where there are none."""

import pandas as pd
import streamlit as st

_ROWS_IN_VIEW = 12


def show(rows: list[dict[str, object]], empty: str) -> None:
    """The rows as a table; ``empty`` says what to do where there are none."""
    if rows:
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, placeholder="–", height="auto" if len(rows) < _ROWS_IN_VIEW else 470
        )
    else:
        st.info(empty, icon=":material/info:")


def each(value: float | None) -> float | None:
    """So much for each, with one decimal."""
    return None if value is None else round(value, 1)
