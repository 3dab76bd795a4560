import streamlit as st

from models.area import Area
from services import db, disclosure, figures, keeping, layers, points, shapes, views
from services.permissions import only_public
from services.views import View
from ui import exports, filters, map_cards, map_controls, map_legend, map_view, session
from ui.links import page_link
from ui.text import _, md

actor = session.require("page.map")

with db.reading() as data:
    here = filters.scope(data, actor)
    map_view.style()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="map-bar"):
        filters.breadcrumb(data, actor, here)
        with st.container(horizontal=True, width="content", vertical_alignment="center", key="map-controls"):
            begin = figures.telling(data, here.path)
            period = disclosure.period(data, actor, figures.usual(data, here.path))
            chosen = map_controls.show(begin, period, fixed=only_public(actor))

    wanted = filters.current(here)
    if not (wanted.openness or wanted.state or wanted.clock):
        wanted = wanted.with_(openness="open")
    view = View(here, wanted, chosen.indicator, chosen.period)
    area, box = data.get_one(Area, here.area_id), shapes.bounds(data, here)

    wide, side = st.columns([3, 1], gap="medium")
    pick = None
    with wide, st.container(key="map-frame", gap="small"):
        if box:
            kinds = [kind for kind in layers.LAYERS if kind in (*chosen.shown, "areas", "outline")]
            version = keeping.version(data, actor)
            urls = {kind: map_view.address(kind, version, views.params(view)) for kind in kinds}
            notes = [_("Schematic")] * area.schematic + [_("Sample data")] * area.sample
            pick = map_view.show(urls, here.code, box, notes)
            shaded = layers.unpacked(data, actor, "areas", view)
            map_legend.legend(map_controls.named(chosen.indicator), shaded, chosen.shown, wanted.openness)
        else:
            undrawn = _("No boundary of {name} has been drawn yet. Choose an area below it, or use the list.")
            st.info(undrawn.format(name=md(here.name)))
        if missing := points.unplaced(data, actor, wanted):
            label = _("{n} issues have no point on the map", n=missing)
            page_link("issues", label, ":material/location_off:", **filters.params(here, openness=wanted.openness))
    with side:
        filters.picker(data, actor, here)
        map_cards.show(data, actor, map_controls.remembered(pick, here), wanted)
        with st.popover(_("Export"), icon=":material/download:"):
            st.caption(_("Issues in view"))
            exports.buttons(actor, "matters", here)
            st.caption(_("Areas"))
            exports.buttons(actor, "areas", here)
