"""The check of the whole file: counts, what can't be imported and why, and what somebody should look at."""

import pandas as pd
import streamlit as st

from services import db
from services.errors import Refused
from services.importing import batches
from services.importing.reports import SHOWN, Remark, Report, RowError
from services.permissions import Actor
from ui.importing.desk import Desk
from ui.importing.progress import Bar
from ui.text import _, md, refusal, term

_COUNTS = ("new", "changed", "unchanged", "refused", "kept", "outside", "disagree", "masked")
_ALWAYS = ("new", "changed", "unchanged", "refused")
_MOSTLY = 0.3
_REMARKS = ("outside", "disagree", "kept")


def run(actor: Actor, desk: Desk) -> None:
    """Check every row; the report lies on the desk afterwards, or the page says why there is none."""
    try:
        with Bar() as bar, db.reading() as session:
            report = batches.preview(session, actor, desk.source, desk.layer, desk.settled, bar)
    except Refused as refused:
        st.error(refusal(refused))
        return
    desk.report, desk.checked = report, desk.settled
    st.rerun()


def show(report: Report) -> None:
    """What the check found."""
    counts(report)
    if report.suspicion:
        note = report.suspicion.note()
        st.warning(md(_(note.message, **note.params)), icon=":material/wrong_location:")
    if report.outside > _MOSTLY * report.rows:
        st.warning(
            _("Most points lie outside every area of this place. Is it the right place, and the right coordinates?"),
            icon=":material/wrong_location:",
        )
    if report.errors:
        _errors(report.errors)
    for name in _REMARKS:
        remarks: list[Remark] = getattr(report, f"{name}_rows")
        if remarks:
            _remarks(name, remarks)
    if report.samples:
        with st.expander(_("The first new rows as they will stand here"), icon=":material/preview:"):
            st.dataframe(
                pd.DataFrame([_sample(sample.row, sample.title, sample.cells) for sample in report.samples]),
                hide_index=True,
            )


def counts(report: Report) -> None:
    """The counts of rows, side by side; what is not there at all is left out."""
    with st.container(horizontal=True, key="import-counts"):
        for name in _COUNTS:
            count = int(getattr(report, name))
            if count or name in _ALWAYS:
                st.metric(term("import_count", name), f"{count:,}", width=130)


def _errors(errors: list[RowError]) -> None:
    st.error(_("These rows can't be imported as they are. The table below says what to do."), icon=":material/rule:")
    lines = [
        {
            _("Row"): error.row,
            _("Column"): error.column,
            _("Reason"): _(error.message, **error.params),
            _("What to do"): _(error.advice, **error.params) if error.advice else "",
        }
        for error in errors[:SHOWN]
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True, height=min(36 * len(lines) + 38, 360))


def _remarks(name: str, remarks: list[Remark]) -> None:
    with st.expander(f"{term('import_count', name)}: {len(remarks):,}", icon=":material/visibility:"):
        st.caption(term("import_hint", name))
        lines = [
            {_("Row"): one.row, _("Title"): one.title, _("Remark"): _(one.message, **one.params)}
            for one in remarks[:SHOWN]
        ]
        st.dataframe(pd.DataFrame(lines), hide_index=True, height=min(36 * len(lines) + 38, 360))


def _sample(row: int, title: str, cells: dict[str, str]) -> dict[str, object]:
    said = {"state": "state.issue", "category": "category", "source": "source"}
    words = {name: term(said[name], cell) if name in said else cell for name, cell in cells.items()}
    return {
        _("Row"): row,
        _("Title"): title,
        **{term("import_cell", name): word.lstrip("+") for name, word in words.items()},
    }
