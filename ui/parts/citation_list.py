"""Which clauses a matter cites, and the way to cite one more: of a covenant, say, that is in force where it lies."""

import streamlit as st
from sqlmodel import Session

from models.clause import Clause
from models.matter import Matter
from services.parts import citations
from services.rights.permissions import Actor
from ui.frame import blocks, saving
from ui.frame.text import _, md


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The cited clauses, and the choice of those in force here; nothing where there is neither."""
    cited = citations.cited_by(matter)
    offered = citations.choices(session, actor, matter) if citations.may(session, actor, matter) else []
    if not cited and not offered:
        return
    with st.container(border=True, key=f"citations-{matter.number}"):
        st.markdown("##### " + _("Clauses cited"))
        if cited:
            blocks.draw(blocks.listed([_link(number, seq) for number, seq in cited], "clauses"))
        if offered:
            _choose(matter, {f"{one.number} {clause.seq}": (one, clause) for one, clause in offered})


def _link(number: str, seq: int) -> str:
    said = _("{number}, clause {seq}", number=number, seq=seq)
    return blocks.link("matter", blocks.text("span", said), "mulin-way", no=number)


def _choose(matter: Matter, offered: dict[str, tuple[Matter, Clause]]) -> None:
    key = f"cite-{matter.number}-{matter.version}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Clause in force here"),
            list(offered),
            index=None,
            key=key,
            format_func=lambda at: _said(*offered[at]) if at in offered else at,
            placeholder=_("Choose"),
        )
        st.button(_("Cite"), key=f"{key}-go", on_click=_cite, args=(matter.number, matter.version, key))


def _said(one: Matter, clause: Clause) -> str:
    return md(f"{one.title} {clause.seq}. {clause.text}")


def _cite(number: str, version: int, key: str) -> None:
    cited, _space, seq = str(st.session_state.get(key) or " 0").rpartition(" ")
    saving.save(citations.cite, number, version, cited, int(seq))
