"""The frame around every page: who is signed in, the language, the way out, and the word that data are samples."""

from html import escape
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import col, select

from models.area import Area
from services.places import areas
from services.rights.permissions import Actor
from services.system import db
from services.system.settings import ROOT
from ui.frame.text import _, language, md, term


def sidebar(actor: Actor) -> None:
    """The mark above the menu; the person and the ways out under it."""
    st.logo(str(ROOT / "ui" / "web" / "static" / "mark.svg"), size="large")
    with st.sidebar.container(key="person"):
        st.caption(f"**{md(actor.name)}** · {term('role', actor.role)}")
        own = _("My account")
        other, name = ("en", "English") if language().startswith("zh") else ("zh_CN", _("Chinese"))
        st.html(
            '<form class="mulin-person" method="post" action="/language">'
            f'<input type="hidden" name="next" value="{escape(_here())}">'
            f'<button name="to" value="{other}" lang="{other}">{escape(name)}</button>'
            f'<a href="/account" target="_self">{escape(own)}</a>'
            f'<a href="/sign-out" target="_self">{escape(_("Sign out"))}</a></form>'
        )
    st.html(_STYLE)


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


# Touch targets of 44 px, print without the menu; everything else is the theme's.
_STYLE = """<style>
.mulin-person{display:flex;gap:1rem;align-items:baseline}
.mulin-person button{background:none;border:0;cursor:pointer;font:inherit}
.mulin-person a,.mulin-person button{color:inherit;text-decoration:underline;text-underline-offset:3px;
padding:.6rem 0;font-size:.9rem}
@media (max-width:640px){.stButton button,.stFormSubmitButton button,[data-baseweb=select]>div{min-height:44px}}
[data-testid=stPageLink] a{padding-left:0}
.st-key-narrow{display:none}
.mulin-line{display:grid;grid-template-columns:1fr auto;gap:.1rem .8rem;padding:.7rem .2rem;
border-bottom:1px solid #E4DFD8;color:inherit;text-decoration:none}
.mulin-line b{font-weight:500}.mulin-line small{grid-column:1/-1;color:#6b6259}
@media (max-width:640px){.st-key-wide{display:none}.st-key-narrow{display:flex}}
@media print{[data-testid=stSidebar],[data-testid=stHeader],.stButton,.stToast{display:none!important}}
</style>"""
