import streamlit as st

from services.figures import records_behind
from services.figures.card_evidence import LARGEST, SUM
from services.places import areas
from services.system import db
from services.system.errors import Refused
from ui.figures import record_table
from ui.frame import exports, session
from ui.frame.links import page_link
from ui.frame.text import _, language, md, refusal, term

actor = session.require("page.records")
asked = st.query_params

with db.reading() as data:
    st.title(_("Records behind a figure"))
    try:
        found = records_behind.behind(data, actor, asked.get("of", ""), asked.get("area", ""))
    except Refused as refused:
        st.info(refusal(refused), icon=":material/info:")
        page_link("casebook", _("Casebook"), icon=":material/fact_check:")
        st.stop()
    unit = term("counted", found.found.flow) if found.found.flow else _(found.found.unit)
    for card in found.said_by:
        st.markdown(f"**{card.no}** {md(card.zh if language().startswith('zh') else card.en)} · {md(found.place.name)}")
    st.markdown(f"### {found.count:,} {unit} · {md(found.area.name)}")
    if found.found.measure == SUM:
        st.caption(_("The figure is the sum of the amounts below."))
    if found.found.measure == LARGEST:
        st.caption(_("The figure is the largest of the amounts below."))
    if found.root.path.startswith(actor.area_path):
        exports.buttons(actor, "records", areas.scope(data, actor, found.root.code))
    record_table.show(found)
    page_link("casebook", _("Casebook"), icon=":material/fact_check:", place=found.place.slug)
