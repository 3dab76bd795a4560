import streamlit as st

from services.figures import cards
from services.places import areas, place_packs
from services.system import db
from ui.figures import card_view
from ui.frame import exports, filters, session
from ui.frame.text import _, md

actor = session.require("page.cards")

with db.reading() as data:
    here = filters.scope(data, actor)
    filters.switch(data, actor, here)
    place = areas.place_at(data, here.path)
    st.title(_("Mechanism cards"))
    if place is None or place.slug not in place_packs.known_packs():
        st.info(_("This place has no cards: it was imported, not loaded from a place pack."), icon=":material/info:")
        st.stop()
    st.caption(
        _("What {name} says it does, the records behind it, and its published figures recounted.", name=md(place.name))
    )
    exports.buttons(actor, "cards", here)
    for reading in cards.readings(data, actor, place):
        card_view.show(reading.card, reading.proof, reading.recounts)
