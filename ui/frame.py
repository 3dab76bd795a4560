"""The frame around every page: who is signed in, the language, the way out, and the word that data are samples."""

from html import escape

import streamlit as st
from sqlmodel import select

from models.matter import Matter
from services import db
from services.permissions import Actor
from ui.text import _, language, md, term


def sidebar(actor: Actor) -> None:
    """The person and the ways out, under the menu."""
    with st.sidebar.container(key="person"):
        st.caption(f"**{md(actor.name)}** · {term('role', actor.role)}")
        other, name = ("en", "English") if language().startswith("zh") else ("zh_CN", _("Chinese"))
        st.html(
            '<div class="mulin-person">'
            f'<a href="/language?to={other}&next=/" target="_self" lang="{other}">{escape(name)}</a>'
            f'<a href="/sign-out" target="_self">{escape(_("Sign out"))}</a></div>'
        )
    st.html(_STYLE)


def footer() -> None:
    """The word on sample data and schematic geometry, on every page that could show them."""
    if _has_samples():
        st.caption(_("Sample data, generated and calibrated to published totals. Boundaries are schematic."))


@st.cache_data(ttl=60, show_spinner=False)
def _has_samples() -> bool:
    with db.reading() as session:
        return session.exec(select(Matter.id).where(Matter.sample).limit(1)).first() is not None


# Touch targets of 44 px, print without the menu; everything else is the theme's.
_STYLE = """<style>
.mulin-person{display:flex;gap:1rem}
.mulin-person a{color:inherit;text-decoration:underline;text-underline-offset:3px;padding:.6rem 0;font-size:.9rem}
@media (max-width:640px){.stButton button,.stFormSubmitButton button,[data-baseweb=select]>div{min-height:44px}}
@media print{[data-testid=stSidebar],[data-testid=stHeader],.stButton,.stToast{display:none!important}}
</style>"""
