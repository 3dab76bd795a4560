"""Anchor sheet 锚单: the anchor of this moment on a sheet to print and lock away, and as a small file."""

from html import escape

import streamlit as st
from sqlmodel import Session, select

from models.place import Place
from services.keep import anchor_sources, anchors, inspection, known_anchors
from services.keep.anchor_text import Anchor
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db, hash_chain, program, schema
from services.system.errors import Refused
from services.system.settings import settings
from ui.desk import reminder_sheet
from ui.frame.text import _, md, moment

_KEPT = "anchor-sheet"


def show(actor: Actor) -> None:
    """The button, and the sheet once it was asked for; what this machine knows better is said above it.

    Only for whoever sees everything: it counts all that there is.
    """
    if actor.area_path:
        return
    with db.reading() as data:
        behind = known_anchors.behind(data)
    if behind:
        st.error(md(_(behind.message, **behind.params)), icon=":material/history:")
    if settings().published_key:
        st.warning(md(_(inspection.PUBLISHED_KEY)), icon=":material/key_off:")
    st.button(_("Print anchor"), on_click=_take, args=(actor,), icon=":material/anchor:", disabled=behind is not None)
    if taken := st.session_state.get(_KEPT):
        reminder_sheet.style()
        st.html(_sheet(*taken))
        anchor: Anchor = taken[0]
        name = f"mulin-anchor-{anchor.events}-{anchor.lines}.txt"
        st.download_button(_("Anchor as a file"), anchor_sources.sheet(anchor), name, icon=":material/download:")


def _take(actor: Actor) -> None:
    """Callback: take the anchor, note it in the audit, and keep it for the sheet."""
    try:
        with anchors.at_rest() as session:
            anchor, where = anchors.take(session), _where(session)
        with db.writing() as session:
            audit.write(session, actor.name, "anchor", "", {"anchor": anchor.text})
    except Refused as refused:
        st.toast(_(refused.message, **refused.params), icon=":material/error:", duration="long")
        return
    with db.reading() as session:
        known_anchors.note(session, anchor)
    st.session_state[_KEPT] = (anchor, where)


def _where(session: Session) -> str:
    return ", ".join(session.exec(select(Place.name).order_by(Place.name)))


def _sheet(anchor: Anchor, where: str) -> str:
    groups = anchor.text.split("-")
    lines = "<br>".join(" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))
    rows = (
        (_("Place"), where),
        (_("Time"), moment(anchor.at)),
        (_("Events"), f"{anchor.events:,}"),
        (_("Digest of the events"), f"{anchor.event_head:037x}"),
        (_("Audit lines"), f"{anchor.lines:,}"),
        (_("Digest of the audit lines"), f"{anchor.line_head:037x}"),
        (_("Fingerprint of the key"), hash_chain.fingerprint()),
        (_("Program"), f"Mulin {program.version()} ({schema.head()})"),
    )
    # A sheet of reminders puts the second cell first on a phone; here the name comes first.
    plain = 'style="grid-row:auto;grid-column:auto;font-weight:400;overflow-wrap:anywhere"'
    body = "".join(f"<tr><th>{escape(name)}</th><td {plain}>{escape(value)}</td></tr>" for name, value in rows)
    use = _("Keep this sheet where nobody who runs the program can change it. To hold the record against it:")
    title, sign = _("Anchor"), _("Date and signature:")
    return (
        f'<section class="mulin-sheet anchor"><h2>{escape(title)}</h2>'
        f'<p class=signs style="{_SIGNS}">{lines}</p><table>{body}</table>'
        f"<p>{escape(use)}<br><code>python manage.py verify --against &quot;…&quot;</code></p>"
        f"<p>{escape(sign)} ______________________________</p></section>"
    )


_SIGNS = "font:600 1.15rem/1.9 ui-monospace,monospace;letter-spacing:.08em;text-align:center;overflow-wrap:anywhere"
