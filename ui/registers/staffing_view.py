"""Posts on the screen: filled and vacant, with the work of each filled one; by kind and area, never by person."""

import streamlit as st
from sqlmodel import Session

from services.places.areas import Scope
from services.registers import posts
from services.rights.permissions import Actor
from ui.frame import exports
from ui.frame.text import _, term
from ui.registers import tables


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The posts of the area in view and of those one level down, vacancies first."""
    found = posts.staffing(session, actor, here)
    filled, vacant = sum(one.filled for one in found), sum(one.vacant for one in found)
    with st.container(horizontal=True):
        st.metric(_("Filled"), f"{filled:,}", border=True)
        st.metric(_("Vacant"), f"{vacant:,}", border=True)
    exports.buttons(actor, "posts", here)
    tables.show(
        [
            {
                _("Area"): one.area.name,
                _("Kind"): term("office", one.kind),
                _("Filled"): one.filled,
                _("Vacant"): one.vacant,
                _("Households of the area"): one.households,
                _("Households for each post"): tables.each(one.each(one.households)),
                _("Open matters of the area"): one.open_matters,
                _("Open matters for each post"): tables.each(one.each(one.open_matters)),
            }
            for one in found
        ],
        _("No post is registered here yet. Bring in posts under Import."),
    )
    st.caption(_("The work of an area, divided by its filled posts of a kind. Posts are counted; persons are not."))
