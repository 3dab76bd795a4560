"""GeoJSON, also one feature a line: read as plain JSON, so that nothing in it is guessed or rounded."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from services.importing.reader.drawings import UNREADABLE, cell, crs_of, named, write
from services.importing.reader.encodings import encoding_of
from services.importing.reader.writing import Layer
from services.system.errors import Refused, listed

_DAMAGED = listed("The file is no GeoJSON, or was cut off. Export it again as GeoJSON.")
_WRONG = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, ShapelyError)


def layers(path: Path, folder: Path) -> tuple[list[Layer], str]:
    """The one layer of the file, and the coordinate system it names (old files do; without a word it is WGS-84)."""
    told = _parsed(path)
    features = _features(told)
    crs = _crs(told)
    rows = [_properties(feature) for feature in features]
    keys = list(dict.fromkeys(name for row in rows for name in row))
    layer = Layer(folder, 0, str(told.get("name") or ""))
    drawn = np.array([_shape(feature) for feature in features] + [None], dtype=object)[:-1]
    # A member may be called “” too, and an empty name would be dropped.
    names = [name.strip() or "-" for name in keys]
    write(layer, names, ([cell(row.get(key)) for key in keys] for row in rows), drawn, crs)
    return [layer], named(crs)


def _parsed(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding=encoding_of(path)).lstrip("\ufeff")
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        told = _by_line(text) if error.msg == "Extra data" else None
    except RecursionError:
        told = None
    if not isinstance(told, dict):
        raise Refused(_DAMAGED)
    return told


def _by_line(text: str) -> dict[str, Any] | None:
    try:
        features = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (json.JSONDecodeError, RecursionError):
        return None
    return {"type": "FeatureCollection", "features": features}


def _features(told: dict[str, Any]) -> list[dict[str, Any]]:
    found = told.get("features") if told.get("type") == "FeatureCollection" else [told]
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        raise Refused(_DAMAGED)
    if told.get("type") not in ("FeatureCollection", "Feature"):
        if "coordinates" not in told:
            raise Refused("This is a JSON file, but it holds no map. Export the data as GeoJSON or CSV.")
        return [{"geometry": told}]
    return found


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    told = feature.get("properties")
    cells = dict(told) if isinstance(told, dict) else {}
    if feature.get("id") is not None:
        cells.setdefault("id", feature["id"])
    return cells


def _shape(feature: dict[str, Any]) -> BaseGeometry | None:
    """The outline of a feature; none where it has none."""
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    try:
        return shape(geometry)
    except _WRONG:
        return UNREADABLE


def _crs(told: dict[str, Any]) -> CRS | None:
    """What the member ``crs`` says. Without one it is WGS-84 by RFC 7946, unless the numbers can't be degrees."""
    crs = told.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return crs_of(str(name)) if name else None
