"""Choose what to import, into which place, and the file; what is dropped is read and guessed at once."""

from pathlib import Path

import streamlit as st
from sqlmodel import Session, select

from models.place import Place
from services.importing.guess import column_guesses
from services.importing.mapping import kinds
from services.importing.mapping.mapping import Ground, Mapping
from services.importing.source.source import Source, open_source
from services.importing.target import new_places
from services.places import place_from_name
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from ui.frame import exports, uploads, url
from ui.frame.text import _, refusal, term
from ui.importing import open_file
from ui.importing.progress import Bar

KEY = "import"
_NEW = "+"
_ENDINGS = ["csv", "txt", "tsv", "xlsx", "xlsm", "xls", "ods", "geojson", "json", "zip", "kml", "kmz"]


def show(session: Session, actor: Actor) -> None:
    """The kind, the place and where to drop the file; for a part of a place, who may import."""
    if actor.area_path and not new_places.open_to(session, actor):
        st.info(_("An import is about a whole place. Ask somebody who is responsible for it."), icon=":material/info:")
        return
    kind, slug = _kind(), _place(session, actor)
    if slug == _NEW:
        _new_place(session)
    uploads.receive(KEY, _ENDINGS, _("The file: Excel, CSV, GeoJSON, zipped Shapefile or KML"))
    with st.container(horizontal=True, vertical_alignment="center", key="import-template"):
        exports.template(kind, "" if slug == _NEW else slug)
        st.caption(_("Any file will do: what its columns and words mean is asked next. The template is a help."))
    received = uploads.taken(KEY)
    if received:
        _open(session, kind, slug, *received)


def _kind() -> str:
    found = st.segmented_control(
        _("What the file holds"),
        list(kinds.KINDS),
        key=url.recall("kind", kinds.KINDS, kinds.KINDS[0]),
        on_change=url.keep,
        args=("kind",),
        required=True,
        format_func=lambda code: term("import_kind", code),
    )
    return str(found or kinds.KINDS[0])


def _place(session: Session, actor: Actor) -> str:
    names = {place.slug: place.name for place in new_places.open_to(session, actor)}
    offered = [*names, *([] if actor.area_path else [_NEW])]
    found = st.selectbox(
        _("The place it is about"),
        offered,
        key=url.recall("place", offered, offered[0]),
        on_change=url.keep,
        args=("place",),
        format_func=lambda slug: names.get(slug, _("A new place …")),
        width=420,
    )
    return str(found or _NEW)


def _new_place(session: Session) -> None:
    st.caption(
        _("A new place begins with its areas; then come organisations, venues, offices and forums; then matters.")
    )
    levels = list(kinds.LEVELS[:-1])
    with st.container(horizontal=True, key="new-place"):
        st.text_input(_("Name of the place"), key="place-name", max_chars=64, width=260)
        st.selectbox(
            _("Level"),
            levels,
            index=levels.index("street"),
            key="place-level",
            format_func=lambda code: term("level", code),
            width=150,
        )
        st.text_input(
            _("Prefix of its numbers"),
            key="place-prefix",
            max_chars=8,
            width=180,
            placeholder=place_from_name.prefix_for(session, st.session_state.get("place-name", "")),
            help=_("With QS the first matter is called QS-2026-000001. Letters and digits."),
        )


def _open(session: Session, kind: str, slug: str, path: Path, name: str) -> None:
    try:
        slug, ground = _ground(session, slug)
        with Bar() as bar:
            source = open_source(path, name, bar)
        layer = _fullest(source)
        found = _guess(session, source, layer, kind, slug, ground)
    except Refused as refused:
        st.error(refusal(refused))
        return
    open_file.put(open_file.Desk(source, layer, found))
    st.rerun()


def _ground(session: Session, slug: str) -> tuple[str, Ground | None]:
    if slug != _NEW:
        return slug, None
    state = st.session_state
    return new_places.ground(session, state["place-name"], state["place-level"], state["place-prefix"])


def _fullest(source: Source) -> int:
    """The first sheet that has rows: a workbook often begins with a page of instructions."""
    return next((at for at, layer in enumerate(source.layers) if layer.rows), 0)


def _guess(session: Session, source: Source, layer: int, kind: str, slug: str, ground: Ground | None) -> Mapping:
    place = session.exec(select(Place).where(Place.slug == slug)).first()
    return column_guesses.guess(session, source, layer, kind, place, slug, ground)


def turn_to(layer: int) -> None:
    """Callback of the sheet: read another one, and guess anew what its columns mean."""
    found = open_file.now()
    if found is None:
        return
    with db.reading() as session:
        told = found.mapping
        guessed = _guess(session, found.source, layer, told.kind, told.place, told.ground)
    found.layer = layer
    found.turn(guessed)
