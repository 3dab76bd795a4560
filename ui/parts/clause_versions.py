"""Two versions of the clauses side by side: what went is struck through, what came is underlined."""

from html import escape

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import flows
from services.parts import clause_versions
from services.parts.clause_versions import Change, Piece, Version
from services.public import disclosure
from services.rights.permissions import Actor, only_public
from ui.frame import blocks
from ui.frame.text import _, moment

_COLOURS = {"same": "gray", "reworded": "orange", "added": "green", "dropped": "red"}


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The choice of two versions and what changed; nothing while there are fewer than two."""
    if "clauses" not in flows.flow(matter.flow).words("page", "parts"):
        return
    if not disclosure.may_read_decision(actor, matter):
        return
    found = [one for one in clause_versions.versions(session, matter) if one.settled or not only_public(actor)]
    pair = clause_versions.latest_pair(found)
    if pair is None:
        return
    with st.container(border=True, key=f"versions-{matter.number}"):
        st.markdown("##### " + _("Versions side by side"))
        with st.container(horizontal=True):
            before = _choose(matter, _("Before"), found, pair[0])
            after = _choose(matter, _("After"), found, pair[1])
        _draw(clause_versions.compare(before.texts, after.texts))


def _choose(matter: Matter, label: str, found: list[Version], usual: Version) -> Version:
    by_number = {one.number: one for one in found}
    chosen = st.selectbox(
        label,
        list(by_number),
        index=list(by_number).index(usual.number),
        key=f"version-{usual.number}-{len(found)}-{matter.number}",
        format_func=lambda number: _name(by_number[number]),
        width=260,
    )
    return by_number.get(chosen, usual)


def _name(one: Version) -> str:
    if one.settled is None:
        return _("version {number}, being worked on", number=one.number)
    return _("version {number}, settled {time}", number=one.number, time=moment(one.settled))


def _draw(changes: list[Change]) -> None:
    words = {"same": _("unchanged"), "reworded": _("reworded"), "added": _("added"), "dropped": _("dropped")}
    rows = [
        blocks.wrapped(
            "div",
            blocks.wrapped("p", f"{one.seq} {blocks.badge(words[one.kind], _COLOURS[one.kind])}")
            + blocks.wrapped("p", _marked(one.before, "del") or "–")
            + blocks.wrapped("p", _marked(one.after, "ins") or "–"),
        )
        for one in changes
    ]
    blocks.draw(blocks.wrapped("div", "".join(rows), "mulin-versions"))


def _marked(pieces: tuple[Piece, ...], tag: str) -> str:
    return "".join(blocks.text(tag, one.text) if one.changed else escape(one.text) for one in pieces)
