"""The file on the desk: its name and size, what was done to read it, the sheet, and the way to another file."""

import streamlit as st
from sqlmodel import Session, select

from models.place import Place
from services.words.i18n import translate
from ui.frame import uploads
from ui.frame.text import _, language, md, term
from ui.importing import choose_step, open_file
from ui.importing.open_file import Desk


def show(session: Session, found: Desk) -> None:
    """The line above the tables."""
    kind = term("import_kind", found.mapping.kind)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            _(
                "**{file}**: {rows} rows, {columns} columns → {kind} of **{place}**",
                file=md(found.source.name),
                kind=kind,
                place=md(_place(session, found)),
                **_size(found),
            ),
            width="content",
        )
        st.button(_("Another file"), icon=":material/close:", type="tertiary", on_click=leave)
    if len(found.source.layers) > 1:
        _sheets(found)
    notes = [translate(language(), note.message, **note.params) for note in found.sheet.notes]
    if notes:
        st.caption(md(" ".join(notes)))


def _place(session: Session, found: Desk) -> str:
    place = session.exec(select(Place.name).where(Place.slug == found.mapping.place)).first()
    return place or (found.mapping.ground.name if found.mapping.ground else "")


def _size(found: Desk) -> dict[str, str]:
    return {"rows": f"{found.sheet.rows:,}", "columns": str(len(found.sheet.columns))}


def _sheets(found: Desk) -> None:
    names = [layer.name for layer in found.source.layers]
    st.selectbox(
        _("Sheet of the workbook"),
        range(len(names)),
        index=found.layer,
        key="import-sheet",
        format_func=lambda at: _("{name} ({rows} rows)", name=names[at], rows=found.source.layers[at].rows),
        on_change=lambda: choose_step.turn_to(st.session_state["import-sheet"]),
        width=420,
    )


def leave() -> None:
    """Callback: take the file off the desk."""
    open_file.clear()
    uploads.drop(choose_step.KEY)
