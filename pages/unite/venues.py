import streamlit as st

from services.rights.permissions import may
from services.system import db
from services.venues import register
from ui.frame import exports, filters, session
from ui.frame.links import page_link
from ui.frame.text import _
from ui.venues import register_view, venue_card

actor = session.require("page.venues")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Venues"))
    asked = register_view.asked()
    everything = register.entries(data, here.path)
    found = register.entries(data, here.path, asked)
    register_view.heading(everything)
    if not everything:
        st.info(
            _("No venue is registered here yet. Import a sheet of venues, or type them in under Settings."),
            icon=":material/info:",
        )
        if may(actor, "page.imports"):
            page_link("imports", _("Import a sheet of venues"), ":material/upload_file:")
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        exports.buttons(actor, "venues", here)
        page_link("map", _("On the map"), ":material/map:", area=here.code, layers="venues,ground")
    register_view.table(found)
    venue_card.show(data, actor, found)
    st.subheader(_("How many there are"))
    register_view.counts(_("By kind and state"), register.by_state(everything), "venue_state")
    register_view.counts(_("By kind and area"), register.by_area(data, here.area_id, everything))
