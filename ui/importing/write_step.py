"""Write what was checked: all rows, or, said expressly, only the good ones."""

import streamlit as st

from services.importing.batch import batches
from services.importing.job.reports import Report
from services.rights.permissions import Actor
from services.system.errors import Refused
from ui.frame.text import _, refusal
from ui.importing import file_header
from ui.importing.open_file import Desk
from ui.importing.progress import Bar

_DONE = "import-done"


def show(actor: Actor, desk: Desk, report: Report) -> None:
    """The button that writes, with how many rows it will write."""
    todo = report.new + report.changed
    if not todo and report.refused:
        st.caption(_("Nothing to write yet. Correct the rows above in the file and choose it again."))
        return
    if not todo:
        st.info(
            _("There is nothing to write: every row that can be read stands here already."), icon=":material/done_all:"
        )
        return
    label = (
        _("Import the {count} good rows only", count=f"{todo:,}")
        if report.refused
        else _("Import {count} rows", count=f"{todo:,}")
    )
    if report.refused:
        st.caption(_("Correct the file and choose it again, or import without the refused rows."))
    if st.button(
        label, type="secondary" if report.refused else "primary", icon=":material/download_done:", key="import-write"
    ):
        _write(actor, desk, good_rows_only=bool(report.refused))


def _write(actor: Actor, desk: Desk, *, good_rows_only: bool) -> None:
    try:
        with Bar() as bar:
            # Whoever clicks again interrupts the drawing, perhaps just after the rows were written.
            desk.written = desk.written or batches.run(
                actor, desk.source, desk.layer, desk.settled, good_rows_only=good_rows_only, progress=bar
            )
    except Refused as refused:
        st.error(refusal(refused))
        return
    st.session_state[_DONE] = desk.written
    st.query_params["place"] = desk.mapping.place
    file_header.leave()
    st.rerun()


def outcome() -> Report | None:
    """What was written last in this session, until the next file."""
    found: Report | None = st.session_state.get(_DONE)
    return found


def forget(batch_id: int | None = None) -> None:
    """Callback: the outcome was read, or the import ``batch_id`` is no more."""
    found = outcome()
    if found and batch_id in (None, found.batch_id):
        st.session_state.pop(_DONE, None)
