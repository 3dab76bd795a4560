"""The map on the screen: the plan handed to the browser, and what the person picked on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlencode

import streamlit as st
import streamlit_folium

from maps import plan
from maps.plan import Box, Tiles
from maps.safe import local
from services.system.settings import settings
from ui.frame.text import _
from ui.web.assets import url

PARTS = (
    "map",
    "map-picks",
    "map-names",
    "map-areas",
    "map-shapes",
    "map-points",
    "map-reach",
    "map-venues",
    "map-marks",
)
SCRIPTS = ("leaflet/leaflet.js", *(f"{part}.js" for part in PARTS))
STYLES = ("leaflet/leaflet.css", "map.css")
Kind = Literal["area", "matter", "venue", "point"]


@dataclass(frozen=True)
class Pick:
    """What was clicked, and where (WGS-84). ``code`` is an area's or venue's code or a matter's number.

    ``also`` holds the numbers of further matters at the very same spot.
    """

    kind: Kind
    code: str
    lng: float
    lat: float
    also: tuple[str, ...] = ()


class _Door:
    """The bridge's component, which refuses every script and style from another host: some layers hard-code one."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self._inner = inner

    def __call__(self, **arguments: Any) -> Any:
        for link in (*arguments["js_links"], *arguments["css_links"]):
            local(link)
        return self._inner(**arguments)


streamlit_folium._component_func = _Door(streamlit_folium._component_func)


def address(name: str, version: str, params: Mapping[str, str]) -> str:
    """The address of a layer's data; ``version`` lets the browser keep it."""
    return f"/layers/{name}.geojson?{urlencode({'v': version, **params})}"


def show(urls: Mapping[str, str], key: str, box: Box, notes: Sequence[str], height: int = 560) -> Pick | None:
    """Draw the map of ``box`` with a layer for each address, by kind; returns what was picked, if anything.

    It is mounted once: other addresses swap the data in place, another ``key`` moves the view.
    """
    tiles = Tiles(settings().tiles_url, settings().tiles_attribution)
    answer = streamlit_folium.st_folium(
        plan.base_map([url(name) for name in SCRIPTS], [url(name) for name in STYLES], _words(), tiles),
        key="map",
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=plan.layers(urls, key, box, notes),
    )
    return _pick((answer or {}).get("last_active_drawing"))


def _words() -> dict[str, str]:
    return {
        "map": _("Map of the area"),
        "fit": _("Show the whole area"),
        "failed": _("The map could not load its data. Reload the page."),
        "signed_out": _("Your sign-in has ended. Reload the page to sign in again."),
        "no_cases": _("No cases"),
        "not_recorded": _("Not recorded"),
        "withheld": _("not shown"),
        "points": _("Matters on the map: arrow keys go from one to the next, Enter opens"),
        "many": _("{n} matters: Enter zooms in", n="{n}"),
    }


def _pick(feature: dict[str, Any] | None) -> Pick | None:
    told = (feature or {}).get("properties", {})
    kind, lng, lat = told.get("kind"), told.get("lng"), told.get("lat")
    if kind not in ("area", "matter", "venue", "point") or not _degrees(lng, 180) or not _degrees(lat, 90):
        return None
    also = tuple(str(number)[:32] for number in (told.get("also") or [])[:20])
    return Pick(cast(Kind, kind), str(told.get("code", ""))[:48], float(lng), float(lat), also)


def _degrees(value: object, most: int) -> bool:
    return isinstance(value, int | float) and -most <= value <= most


def style() -> None:
    """The map takes the height of the screen that is left, on every screen."""
    st.html(_STYLE)


_STYLE = """<style>
.st-key-map-frame iframe{height:max(540px,calc(100vh - 240px))!important;border:1px solid #E4DFD8;border-radius:6px}
@media (max-width:640px){.st-key-map-frame iframe{height:62vh!important;min-height:420px}}
</style>"""
