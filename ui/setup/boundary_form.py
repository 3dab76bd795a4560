"""The boundary of the area in view: a map to draw it on, and one button that keeps it."""

import json
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from services.engine import flows
from services.layers import area_shapes, map_views
from services.layers.map_views import View
from services.matters import list_addresses
from services.places import schematic_map
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.setup import boundaries, changes
from ui.frame import session as frame
from ui.frame.text import _
from ui.map import view as map_view

_OPEN, _AT = "boundary-open", "boundary-at"
_NEAR = 0.02  # degrees around a place that nobody has drawn yet: about two kilometres


def show(session: Session, actor: Actor, here: Scope) -> None:
    """A switch, and behind it the map."""
    if not st.toggle(_("Draw the boundary on the map"), key=_OPEN):
        return
    area = session.get_one(Area, here.area_id)
    box = _box(session, here, area)
    st.caption(
        _("Draw with the first tool at the right; edit corners and move the whole with the next two. Then save it.")
    )
    # What others do meanwhile must not take away what is being drawn: only another boundary is fetched anew.
    seen = _seen(area)
    view = View(here, list_addresses.read({}, here.path, flows.first()), "open", "month")
    urls = {"boundary": map_view.address("boundary", f"{seen}-{actor.account_id}", map_views.params(view))}
    drawn = map_view.draw(urls, here.code, box)
    if drawn is not None:
        st.button(
            _("Save the boundary"),
            key="boundary-save",
            type="primary",
            icon=":material/check:",
            on_click=_save,
            args=(area.code, seen, drawn),
        )


def _box(session: Session, here: Scope, area: Area) -> Any:
    """What the map shows: the area or what is around it; else around the point that is typed."""
    above = session.get(Area, area.parent_id or 0)
    for one in filter(None, (area, above)):
        outline = schematic_map.drawn(one)
        if outline is not None:
            west, south, east, north = outline.bounds
            return west, south, east, north
    typed = st.text_input(
        _("Nothing is drawn around here yet. Longitude and latitude of the middle"),
        key=_AT,
        placeholder="113.01, 28.16",
    )
    return _around(typed) or area_shapes.bounds(session, here) or _around("{}, {}".format(*schematic_map.MIDDLE))


def _around(typed: str) -> Any:
    try:
        lng, lat = (float(part) for part in typed.replace("，", ",").split(","))
    except ValueError:
        return None
    inside = abs(lng) < 180 - _NEAR and abs(lat) < 90 - _NEAR
    return (lng - _NEAR, lat - _NEAR, lng + _NEAR, lat + _NEAR) if inside else None


def _seen(area: Area) -> str:
    """The version of the boundary that is drawn upon: kept from when this area's map was opened."""
    kept = st.session_state.get("boundary-seen", ("", ""))
    if kept[0] != area.code:
        kept = st.session_state["boundary-seen"] = (area.code, changes.map_version(area))
    return str(kept[1])


def _save(code: str, seen: str, drawn: dict[str, Any]) -> None:
    frame.commit(boundaries.draw, code, seen, json.loads(json.dumps(drawn)))
    st.session_state.pop("boundary-seen", None)
