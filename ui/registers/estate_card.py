"""The card of an estate's bodies, beside the map: each body its kind needs, and which is missing."""

import streamlit as st
from sqlmodel import Session

from models.area import Area
from services.registers import estates
from services.rights.permissions import Actor, may
from ui.frame.links import page_link
from ui.frame.text import _, md
from ui.registers import estate_words


def show(session: Session, actor: Actor, area: Area) -> None:
    """Nothing for an area that is no estate, and for who may not open the register."""
    if not may(actor, "page.estates"):
        return
    found = estates.estate(session, area)
    if found is None:
        return
    st.caption(_("Who governs here"))
    lines = (f"{md(estate_words.named(body))} · **{md(estate_words.there(count))}**" for body, count in found.bodies)
    st.markdown("  \n".join(lines) or _("The kind of this estate is not entered, so nobody knows what it needs."))
    page_link("estates", _("All estates"), ":material/account_tree:", area=area.code)
