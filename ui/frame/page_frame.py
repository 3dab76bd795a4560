"""The frame around every page: who is signed in, the language, the way out, and the word that data are samples."""

from base64 import b64encode
from html import escape
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import col, select

from models.area import Area
from services.places import areas
from services.rights.permissions import Actor
from services.system import db
from services.system.settings import ROOT
from ui.frame import blocks
from ui.frame.text import _, language, term

# The mark goes out with the page: a path would be read and hashed on every run.
_DRAWING = (ROOT / "ui" / "web" / "static" / "mark.svg").read_bytes()
MARK = f"data:image/svg+xml;base64,{b64encode(_DRAWING).decode()}"


def sidebar(actor: Actor) -> None:
    """The mark above the menu; the person and the ways out under it."""
    st.logo(MARK, size="large")
    own, out = _("My account"), _("Sign out")
    other, name = ("en", "English") if language().startswith("zh") else ("zh_CN", _("Chinese"))
    with st.sidebar:
        blocks.draw(
            '<form class="mulin-person" method="post" action="/language">'
            f"<p><b>{escape(actor.name)}</b> · {escape(term('role', actor.role))}</p>"
            f'<input type="hidden" name="next" value="{escape(_here())}">'
            f'<button name="to" value="{other}" lang="{other}">{escape(name)}</button>'
            f'<a href="/account" data-go="on">{escape(own)}</a>'
            f'<a href="/sign-out">{escape(out)}</a></form>'
        )


def _here() -> str:
    at = urlsplit(st.context.url or "/")
    return f"{at.path or '/'}?{at.query}" if at.query else at.path or "/"


def footer() -> None:
    """The word on sample data and schematic boundaries, on every page about an area that has them."""
    sample, schematic = _provenance(str(st.session_state.get("area", "")))
    if sample:
        st.caption(_("Sample data, generated and calibrated to published totals. Boundaries are schematic."))
    elif schematic:
        st.caption(_("Boundaries are schematic."))


@st.cache_data(ttl=60, max_entries=500, show_spinner=False)
def _provenance(code: str) -> tuple[bool, bool]:
    with db.reading() as session:
        found = session.exec(select(Area).where(Area.code == code)).first()
        if found is None:
            return False, False
        # What is put together from drawn areas is as true as those.
        drawn = select(Area.id).where(areas.within(found.path), col(Area.schematic).is_(False))
        return found.sample, found.sample or session.exec(drawn.limit(1)).first() is None
