"""The plan of a map: a base that never changes between runs, and a group of layers that may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maps import safe

ZOOM = {"zoom_start": 15, "minZoom": 3, "maxZoom": 21, "zoomSnap": 0.25, "zoomDelta": 1, "wheelPxPerZoomLevel": 90}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tiles:
    """A background of tiles: its address and whose it is. No address, no background."""

    url: str = ""
    attribution: str = ""


def base_map(scripts: Sequence[str], styles: Sequence[str], words: Mapping[str, str], tiles: Tiles) -> Any:
    """The map without data. The same arguments give the same JavaScript, so that a rerun does not mount it anew.

    ``words`` are our own, translated: map, fit, failed, signed_out, no_cases, not_recorded, withheld.
    """
    made = safe.Map(scripts, styles, location=[35.0, 105.0], **ZOOM)
    safe.Start(dict(words)).add_to(made)
    if tiles.url:
        safe.tile_layer(tiles.url, tiles.attribution).add_to(made)
    return made


def layers(urls: Mapping[str, str], key: str, box: Box | None, notes: Sequence[str] = ()) -> Any:
    """The data: one address a layer, by kind. The view moves to ``box`` (W S E N, degrees) when ``key`` changes."""
    group = safe.group()
    bounds = [[box[1], box[0]], [box[3], box[2]]] if box else None
    safe.Look(key, bounds, notes).add_to(group)
    for kind, url in urls.items():
        safe.UrlLayer(kind, url).add_to(group)
    return group
