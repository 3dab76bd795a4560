"""What came of the import that has just been written, and the ways to look at it."""

import streamlit as st
from sqlmodel import Session

from models.area import Area
from models.importing import ImportBatch
from models.place import Place
from services.importing.job.reports import Report
from ui.frame.links import page_link
from ui.frame.text import _, md
from ui.importing import check_step, write_step

_PAGES = {"matters": "ledger", "areas": "map"}


def show(session: Session) -> None:
    """The counts of the last import of this session, with links to where its rows now stand."""
    report = write_step.outcome()
    if report is None:
        return
    with st.container(border=True, key="import-done"):
        st.markdown(_("**{file}** is imported.", file=md(report.file)))
        check_step.counts(report)
        check_step.refused_rows(report, "done")
        code = _area(session, report)
        with st.container(horizontal=True):
            page_link("map", _("On the map"), icon=":material/map:", area=code)
            page = _PAGES.get(report.kind, "organisations")
            if page == "ledger":
                page_link("ledger", _("In the ledger"), icon=":material/list_alt:", area=code, open="all")
            elif page != "map":
                page_link(page, _("In the list"), icon=":material/list_alt:", area=code)
            st.button(_("Close"), type="tertiary", on_click=write_step.forget)


def _area(session: Session, report: Report) -> str:
    batch = session.get(ImportBatch, report.batch_id or 0)
    place = session.get(Place, batch.place_id or 0) if batch else None
    area = session.get(Area, place.area_id) if place else None
    return area.code if area else ""
