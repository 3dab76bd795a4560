from dataclasses import replace

import streamlit as st

from services import areas, cards, db, evidence, packs
from ui import card_view, filters, session
from ui.text import _, md

actor = session.require("page.cards")

with db.reading() as data:
    here = filters.scope(data, actor)
    place = areas.place_at(data, here.path)
    st.title(_("Mechanism cards"))
    if place is None or place.slug not in packs.known_packs():
        st.info(_("This place has no cards: it was imported, not loaded from a place pack."), icon=":material/info:")
        st.stop()
    st.caption(
        _("What {name} says it does, the records behind it, and its published figures recounted.", name=md(place.name))
    )
    recounts = [
        one if evidence.may_see(actor, one.figure.evidence) else replace(one, evidence=None)
        for one in cards.recount(data, place)
    ]
    for card in cards.cards(place.slug):
        told = [one for one in recounts if one.figure.card == card.no]
        proof = cards.proof(data, place, card) if evidence.may_see(actor, card.evidence) else None
        card_view.show(card, proof, told)
