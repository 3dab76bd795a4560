"""Who was called: a row for each unit with what it made of its calls, and what is counted in words below."""

import pandas as pd
import streamlit as st

from services.looks.calls import Tally
from ui.frame.text import _


def show(rows: list[Tally]) -> None:
    """The units called, those called most often first."""
    if not rows:
        st.info(_("No unit was called. Clear the filter, or look at a larger area."), icon=":material/campaign:")
        return
    st.dataframe(
        pd.DataFrame([_row(row) for row in rows]),
        hide_index=True,
        placeholder="–",
        column_config={_("Unit called"): st.column_config.TextColumn(pinned=True, width="medium")},
        height="auto" if len(rows) < 16 else 620,
    )
    st.caption(
        _(
            "Called is signed in, declined and not answered together. Came counts those calls of which somebody noted"
            " whether the unit came, rated those that are rated; – means that nothing is recorded. Promises are the"
            " matters that hang on those it was called to and that the unit is responsible for."
        )
    )


def _row(row: Tally) -> dict[str, object]:
    return {
        _("Unit called"): row.unit,
        _("Called"): row.calls,
        _("Signed in"): row.signed,
        _("Declined"): row.left,
        _("Not answered"): row.silent,
        _("Came"): of(row.came, row.came + row.absent),
        _("Promises kept"): of(row.kept, row.promised),
        _("We are satisfied"): of(row.rated_well, row.rated),
        _("They are satisfied"): of(row.rates_well, row.rates),
    }


def of(part: int, whole: int) -> str:
    """A count of those it is out of; a dash where nothing is recorded."""
    return f"{part} / {whole}" if whole else "–"
