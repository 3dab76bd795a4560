import streamlit as st

from services.registers import estates
from services.system import db
from services.words import vocabulary
from ui.frame import exports, filters, session
from ui.frame.text import _, term
from ui.registers import estate_words, tables

actor = session.require("page.estates")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Who governs the estates"))
    found = estates.estates(data, here.path)
    with st.container(horizontal=True):
        for standing in vocabulary.codes("bodies"):
            st.metric(term("bodies", standing), sum(one.standing == standing for one in found), border=True)
    exports.buttons(actor, "estates", here)
    columns = dict.fromkeys(estate_words.named(body) for one in found for body, _count in one.bodies)
    tables.show(
        [estate_words.row(one, columns) for one in found],
        _("No estate is registered here yet. Bring in the areas under Import."),
    )
    st.caption(_("A dash: this kind of estate does not need it. Posts count once they are filled."))
    for source in dict.fromkeys(body.source for one in found for body, _count in one.bodies):
        st.caption(source)
