"""The check of the whole file: counts, what can't be imported and why, and what somebody should look at."""

from pathlib import Path

import pandas as pd
import streamlit as st

from services.importing.batch import batches
from services.importing.batch.error_workbook import XLSX, errors_workbook
from services.importing.job.reports import SHOWN, Remark, Report, RowError, column_called
from services.importing.job.suspicion import Suspicion
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from ui.frame.text import _, language, md, refusal, term
from ui.importing.open_file import Desk
from ui.importing.progress import Bar

_COUNTS = ("new", "changed", "unchanged", "refused", "kept", "outside", "disagree", "masked")
_ALWAYS = ("new", "changed", "unchanged", "refused")
_MOSTLY = 0.3
_WHOLE, _TALL = 9, 360
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


def show(desk: Desk, report: Report) -> None:
    """What the check found."""
    counts(report)
    if report.suspicion:
        _suspect(desk, report.suspicion)
    elif report.outside > _MOSTLY * report.rows:
        st.warning(
            _("Most points lie outside every area of this place. Is it the right place, and the right coordinates?"),
            icon=":material/wrong_location:",
        )
    if report.errors:
        _errors(report)
    for name in _REMARKS:
        remarks: list[Remark] = getattr(report, f"{name}_rows")
        if remarks:
            _remarks(name, remarks)
    if report.samples:
        with st.expander(_("The first new rows as they will stand here"), icon=":material/preview:"):
            flow = desk.mapping.options.flow
            st.dataframe(
                pd.DataFrame([_sample(flow, sample.row, sample.title, sample.cells) for sample in report.samples]),
                hide_index=True,
                placeholder="–",
            )


def _suspect(desk: Desk, found: Suspicion) -> None:
    note = found.note()
    st.warning(md(_(note.message, **note.params)), icon=":material/wrong_location:")
    if not found.swapped:
        label = _("Read the coordinates as {datum}", datum=term("datum", found.datum))
        st.button(label, icon=":material/my_location:", on_click=_take_datum, args=(desk, found.datum))


def _take_datum(desk: Desk, datum: str) -> None:
    options = desk.mapping.options.model_copy(update={"datum": datum})
    desk.turn(desk.mapping.model_copy(update={"options": options}))


def counts(report: Report) -> None:
    """The counts of rows, side by side; what is not there at all is left out."""
    with st.container(horizontal=True, key="import-counts"):
        for name in _COUNTS:
            count = int(getattr(report, name))
            if count or name in _ALWAYS:
                st.metric(term("import_count", name), f"{count:,}", width=130)


def _errors(report: Report) -> None:
    st.error(_("These rows can't be imported as they are. The table below says what to do."), icon=":material/rule:")
    lines = [_line(report.kind, error) for error in report.errors[:SHOWN]]
    order = [name for name in lines[0] if any(line[name] for line in lines)]
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="–",
        column_order=order,
        height="content" if len(lines) <= _WHOLE else _TALL,
    )
    if len(report.errors) > SHOWN:
        st.caption(_("The first {shown} of {count}; all are in the workbook.", shown=SHOWN, count=len(report.errors)))
    refused_rows(report, "check")


def _line(kind: str, error: RowError) -> dict[str, object]:
    return {
        _("Row"): error.row,
        _("Column"): column_called(kind, error.column, language()),
        _("Reason"): _(error.message, **error.params),
        _("What to do"): _(error.advice, **error.params) if error.advice else "",
    }


def refused_rows(report: Report, where: str) -> None:
    """The refused rows as a workbook to correct and import again; it is made when somebody asks for it."""
    if not report.errors:
        return
    spoken, refused = language(), _("Refused rows")
    st.download_button(
        _("Take the refused rows along as Excel"),
        lambda: errors_workbook(report, spoken),
        f"{refused}-{Path(report.file).stem}.xlsx",
        XLSX,
        key=f"import-refused-{where}",
        icon=":material/download:",
        on_click="ignore",
    )


def _remarks(name: str, remarks: list[Remark]) -> None:
    with st.expander(f"{term('import_count', name)}: {len(remarks):,}", icon=":material/visibility:"):
        st.caption(term("import_hint", name))
        lines = [
            {_("Row"): one.row, _("Title"): one.title, _("Remark"): _(one.message, **one.params)}
            for one in remarks[:SHOWN]
        ]
        st.dataframe(
            pd.DataFrame(lines), hide_index=True, placeholder="–", height="content" if len(lines) <= _WHOLE else _TALL
        )


def _sample(flow: str, row: int, title: str, cells: dict[str, str]) -> dict[str, object]:
    said = {"state": f"state.{flow}", "category": "category", "source": "source"}
    words = {name: term(said[name], cell) if name in said else cell for name, cell in cells.items()}
    return {
        _("Row"): row,
        _("Title"): title,
        **{term("import_cell", name): word.lstrip("+") for name, word in words.items()},
    }
