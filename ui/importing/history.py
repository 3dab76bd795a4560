"""What was imported: which file, by whom, what came of it, and the way back."""

import streamlit as st
from sqlmodel import Session

from models.importing import ImportBatch
from services.importing.batch import batches, undo
from services.rights.permissions import Actor, may
from services.words.i18n import listed
from ui.frame import saving
from ui.frame import session as current
from ui.frame.text import _, md, moment, term
from ui.importing import write_step


def show(session: Session, actor: Actor) -> None:
    """The imports, newest first."""
    found = batches.history(session, actor, 30)
    st.subheader(_("Imported so far"))
    if not found:
        st.caption(_("Nothing yet."))
    for batch, place in found:
        _line(session, actor, batch, place)


def _line(session: Session, actor: Actor, batch: ImportBatch, place: str) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        border=True,
        key=f"batch-{batch.id}",
    ):
        told = _("{new} new, {changed} changed, {unchanged} unchanged, {refused} refused", **_counts(batch))
        head = f"**{md(batch.file)}** · {term('import_kind', batch.kind)} · {md(place)}"
        st.markdown(f"{head}  \n:small[:gray[{moment(batch.at)} · {md(batch.actor)} · {told}]]", width="content")
        if batch.undone_at:
            st.badge(
                _("Undone {time} by {actor}", time=moment(batch.undone_at), actor=md(batch.undone_by or "")),
                color="gray",
            )
        elif may(actor, "import.undo", undo.path_of(session, batch)):
            with st.popover(_("Undo"), icon=":material/undo:"):
                _ask(batch)


def _counts(batch: ImportBatch) -> dict[str, str]:
    return {name: f"{getattr(batch, name):,}" for name in ("new", "changed", "unchanged", "refused")}


def _ask(batch: ImportBatch) -> None:
    st.markdown(_("Everything this import made goes away again, and what it changed is put back."))
    st.toggle(_("Leave what somebody has worked on since"), key=f"keep-{batch.id}")
    st.button(
        _("Undo this import"),
        type="primary",
        key=f"undo-{batch.id}",
        on_click=_undo,
        args=(batch.id, saving.token(f"undo-{batch.id}")),
    )


def _undo(batch_id: int, drawn: str) -> None:
    keep = bool(st.session_state.get(f"keep-{batch_id}"))
    report = saving.once(f"undo-{batch_id}", drawn, undo.undo, batch_id, keep_touched=keep)
    if report is not None:
        write_step.forget(batch_id)
        current.announce(
            listed("Undone: {count} rows were taken away or put back."), count=f"{report.new + report.changed:,}"
        )
