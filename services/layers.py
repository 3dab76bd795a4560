"""Layers: each a GeoJSON collection built for one person's eyes, packed once and kept until something changes."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from services import keeping, points, shapes
from services.errors import NotFound
from services.permissions import Actor, require
from services.points import Collection
from services.views import View

Build = Callable[[Session, Actor, View], Collection]
LAYERS: dict[str, Build] = {
    "ground": shapes.ground,
    "areas": shapes.coloured,
    "outline": shapes.outline,
    "matters": points.on_map,
    "results": points.results,
    "venues": points.venues,
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
    return keeping.kept(session, actor, (name, view), lambda: _pack(LAYERS[name](session, actor, view)))


def unpacked(session: Session, actor: Actor, name: str, view: View) -> Collection:
    """The same layer for the server's own use: what the legend says is what the map shows."""
    found: Collection = json.loads(gzip.decompress(packed(session, actor, name, view).body))
    return found


def _pack(collection: Collection) -> Packed:
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Packed(gzip.compress(text, 5, mtime=0), hashlib.sha256(text).hexdigest()[:20])
