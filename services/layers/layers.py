"""Layers: each a GeoJSON collection built for one person's eyes, packed once and kept until something changes."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from services.engine import versioned_cache
from services.layers import area_shapes, matter_points, register_marks
from services.layers.map_views import View
from services.layers.matter_points import Collection
from services.rights.permissions import Actor, require
from services.system.errors import NotFound

Build = Callable[[Session, Actor, View], Collection]
LAYERS: dict[str, Build] = {
    "ground": area_shapes.ground,
    "areas": area_shapes.coloured,
    "outline": area_shapes.outline,
    "matters": matter_points.on_map,
    "results": matter_points.results,
    "venues": matter_points.venues,
    "bodies": register_marks.bodies,
    "linked": register_marks.linked,
}


@dataclass(frozen=True)
class Packed:
    """A layer as gzipped GeoJSON, and the tag of its content."""

    body: bytes
    tag: str


def packed(session: Session, actor: Actor, name: str, view: View) -> Packed:
    """The layer called ``name`` for ``actor``. NotFound for an unknown name, Refused without the right to the map."""
    if name not in LAYERS:
        raise NotFound("There is no map layer {name}.", name=name[:40])
    require(actor, "page.map")
    return versioned_cache.kept(session, actor, (name, view), lambda: _pack(LAYERS[name](session, actor, view)))


def unpacked(session: Session, actor: Actor, name: str, view: View) -> Collection:
    """The same layer for the server's own use: what the legend says is what the map shows."""
    found: Collection = json.loads(gzip.decompress(packed(session, actor, name, view).body))
    return found


def _pack(collection: Collection) -> Packed:
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Packed(gzip.compress(text, 5, mtime=0), hashlib.sha256(text).hexdigest()[:20])
