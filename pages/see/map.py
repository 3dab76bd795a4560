import streamlit as st

from models.area import Area
from services.engine import versioned_cache
from services.figures import readings
from services.layers import area_shapes, layers, map_views, matter_points
from services.layers.map_views import View
from services.matters import list_pages
from services.public import disclosure
from services.rights.permissions import only_public
from services.system import db
from ui.figures import public_notice
from ui.frame import exports, filters, flow_choice, session
from ui.frame.links import page_link
from ui.frame.text import _, md
from ui.map import controls, filter_chips, legend, picked_card
from ui.map import view as map_view

actor = session.require("page.map")

with db.reading() as data:
    here = filters.scope(data, actor)
    map_view.style()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="map-bar"):
        filters.breadcrumb(data, actor, here)
        with st.container(horizontal=True, width="content", vertical_alignment="center", key="map-controls"):
            flow, fixed = flow_choice.asked(map_views.offered()), only_public(actor)
            begin = disclosure.begins_with(data, actor, here.path, "" if fixed else flow)
            period = disclosure.period(data, actor, readings.usual(data, here.path, "" if fixed else flow))
            chosen = controls.show(begin, period, flow, fixed)

    wanted = filters.current(actor, here, flow)
    if not (wanted.openness or wanted.state or wanted.clock):
        wanted = wanted.with_(openness="open")
    view = View(here, wanted, chosen.indicator, chosen.period)
    area, box = data.get_one(Area, here.area_id), area_shapes.bounds(data, here)

    filter_chips.show(data, wanted)

    wide, side = st.columns([3, 1], gap="medium")
    pick = None
    with wide, st.container(key="map-frame", gap="small"):
        if box:
            kinds = [kind for kind in layers.LAYERS if kind in (*chosen.shown, "areas", "outline")]
            version = versioned_cache.version(data, actor)
            urls = {kind: map_view.address(kind, version, map_views.params(view)) for kind in kinds}
            notes = [_("Schematic")] * area.schematic + [_("Sample data")] * area.sample
            pick = map_view.show(urls, here.code, box, notes)
            shaded = layers.unpacked(data, actor, "areas", view)
            legend.legend(controls.named(chosen.indicator), shaded, chosen.shown, wanted.openness)
            public_notice.show(data, actor)
        else:
            undrawn = _("No boundary of {name} has been drawn yet. Choose an area below it, or use the list.")
            st.info(undrawn.format(name=md(here.name)))
        if missing := matter_points.unplaced(data, actor, wanted):
            label = _("{n} matters have no point on the map", n=missing)
            page, more = list_pages.page(flow)
            page_link(page, label, ":material/location_off:", **filters.params(here, openness=wanted.openness) | more)
    with side:
        filters.picker(data, actor, here)
        picked_card.show(data, actor, controls.remembered(pick, here), wanted, chosen.cards)
        with st.popover(_("Export"), icon=":material/download:"):
            st.caption(_("Matters in view"))
            exports.buttons(actor, "matters", here)
            st.caption(_("Areas"))
            exports.buttons(actor, "areas", here)
