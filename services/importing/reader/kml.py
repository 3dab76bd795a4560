"""KML and KMZ: placemarks with their outlines and data. Read as plain XML: GDAL loses the names of Chinese fields."""

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from shapely.errors import ShapelyError
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from services.importing.reader.archives import members, unpack
from services.importing.reader.drawings import UNREADABLE, write
from services.importing.reader.encodings import encoding_of
from services.importing.reader.writing import Layer
from services.system.errors import Refused, listed

_DAMAGED = listed("The file is damaged or was cut off. Copy or export it again.")
_DECLARED = re.compile(r"\A\s*<\?xml[^<>]*\?>")
_TAG = re.compile(r"<[^<>]+>")
_DRAWN = ("Polygon", "MultiGeometry", "Point", "LineString", "LinearRing")
_DEEPEST = 60


def layers(path: Path, folder: Path) -> tuple[list[Layer], str]:
    """One layer with every placemark of the file and the folder it lies in; KML is always in WGS-84."""
    marks = list(_marks(_parsed(_plain(path, folder)), [], 0))
    rows = [_cells(mark, folders) for mark, folders in marks]
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if any(row.get(name) for row in rows)]
    drawn = np.array([_shape(mark) for mark, _ in marks] + [None], dtype=object)[:-1]
    layer = Layer(folder, 0, "")
    write(layer, names, ([row.get(name, "") for name in names] for row in rows), drawn, None)
    return [layer], "EPSG:4326"


def _plain(path: Path, folder: Path) -> Path:
    if not zipfile.is_zipfile(path):
        return path
    found = [name for name in members(path) if name.lower().endswith(".kml")]
    first = min(found, key=lambda name: (PurePosixPath(name).name.lower() != "doc.kml", name.count("/"), name))
    unpack(path, {first: folder / "drawn.kml"})
    return folder / "drawn.kml"


def _parsed(path: Path) -> Element:
    text = _DECLARED.sub("", path.read_text(encoding=encoding_of(path)).lstrip("\ufeff"))
    # No KML needs entities of its own, and a few of them can grow beyond any memory.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Refused(_DAMAGED)
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise Refused(_DAMAGED) from None


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _marks(element: Element, folders: list[str], depth: int) -> Iterator[tuple[Element, list[str]]]:
    for child in element if depth < _DEEPEST else []:
        tag = _tag(child)
        if tag == "Placemark":
            yield child, folders
        elif tag in ("Document", "Folder"):
            yield from _marks(child, [*folders, _text(child, "name")] if tag == "Folder" else folders, depth + 1)


def _text(element: Element, tag: str) -> str:
    return next((_words("".join(child.itertext())) for child in element if _tag(child) == tag), "")


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _cells(mark: Element, folders: list[str]) -> dict[str, str]:
    told = {"name": _text(mark, "name"), "folder": " / ".join(filter(None, folders))}
    told["description"] = _text(mark, "description")
    for element in mark.iter():
        if _tag(element) in ("Data", "SimpleData") and element.get("name"):
            told[str(element.get("name")).strip() or "-"] = _words("".join(element.itertext()))
    return told


def _shape(mark: Element) -> BaseGeometry | None:
    found = next((child for child in mark if _tag(child) in _DRAWN), None)
    if found is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return _drawn(found, 0)
    except (ValueError, IndexError, TypeError, ShapelyError):
        return UNREADABLE


def _drawn(element: Element, depth: int) -> BaseGeometry:
    tag = _tag(element)
    if tag == "MultiGeometry":
        parts = [_drawn(child, depth + 1) for child in element if _tag(child) in _DRAWN and depth < _DEEPEST]
        polygons = [part for part in parts if isinstance(part, Polygon)]
        return MultiPolygon(polygons) if len(polygons) == len(parts) else GeometryCollection(parts)
    if tag == "Polygon":
        rings = {kind: [_points(ring) for ring in element if _tag(ring) == kind] for kind in _RINGS}
        return Polygon(rings[_RINGS[0]][0], rings[_RINGS[1]])
    points = _points(element)
    return Point(points[0]) if tag == "Point" else LineString(points)


_RINGS = ("outerBoundaryIs", "innerBoundaryIs")


def _points(element: Element) -> list[Any]:
    text = next((child.text or "" for child in element.iter() if _tag(child) == "coordinates"), "")
    return [tuple(float(number) for number in point.split(",")[:2]) for point in text.split()]
