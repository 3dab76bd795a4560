"""Layers: each a GeoJSON collection built for one person's eyes, packed once and kept until something changes."""

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlmodel import Session

from services import clock, events, points, shapes
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
KEPT_BYTES = 64 * 1024 * 1024
_TICK_SECONDS = 900
_LOCK = Lock()


@dataclass(frozen=True)
class Packed:
    """A layer as gzipped GeoJSON, and the tag of its content."""

    body: bytes
    tag: str


_KEPT: OrderedDict[tuple[Any, ...], Packed] = OrderedDict()


def version(session: Session, actor: Actor) -> str:
    """What a layer's address carries: grows with every event and quarter of an hour, differs by who may see what.

    Clocks run without events, hence the quarter; a browser keeps answers, hence the eyes.
    """
    eyes = hashlib.sha256(f"{actor.role} {actor.area_path} {actor.language}".encode()).hexdigest()[:8]
    return f"{events.version(session)}-{int(clock.now().timestamp()) // _TICK_SECONDS}-{eyes}"


def packed(session: Session, actor: Actor, name: str, view: View) -> Packed:
    """The layer called ``name`` for ``actor``. NotFound for an unknown name, Refused without the right to the map."""
    if name not in LAYERS:
        raise NotFound("There is no map layer {name}.", name=name[:40])
    require(actor, "page.map")
    key = (str(session.get_bind().engine.url), name, view, version(session, actor))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    made = _pack(LAYERS[name](session, actor, view))
    _keep(key, made)
    return made


def unpacked(session: Session, actor: Actor, name: str, view: View) -> Collection:
    """The same layer for the server's own use: what the legend says is what the map shows."""
    found: Collection = json.loads(gzip.decompress(packed(session, actor, name, view).body))
    return found


def _pack(collection: Collection) -> Packed:
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Packed(gzip.compress(text, 5, mtime=0), hashlib.sha256(text).hexdigest()[:20])


def _keep(key: tuple[Any, ...], made: Packed) -> None:
    with _LOCK:
        _KEPT[key] = made
        while sum(len(kept.body) for kept in _KEPT.values()) > KEPT_BYTES:
            _KEPT.popitem(last=False)
