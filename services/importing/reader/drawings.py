"""Drawings: outlines of a drawn file become rows with an outline in WGS-84 degrees, whatever they were in."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely.geometry.base import BaseGeometry

from services.importing.reader.writing import Layer
from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import MAX_ROWS
from services.system.errors import Refused, listed

WRONG = listed("The outline of this row can't be read. Draw it again.")
_OUTSIDE = listed("The outline of this row lies outside the coordinate system of the file. Draw it again.")
_EARTH = CRS.from_epsg(4326)
_KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon", 7: "mixed"}
# Stands for an outline that can't be read, so that its row is told of it.
UNREADABLE = shapely.Point(np.nan, np.inf)
_DIGITS = 9  # of a degree: a tenth of a millimetre


def write(layer: Layer, names: list[str], rows: Iterable[list[str]], drawn: NDArray[Any], crs: CRS | None) -> None:
    """Write the rows of one layer with their outlines, brought to WGS-84 degrees; no outline stays none."""
    if len(drawn) > MAX_ROWS:
        raise Refused("The file has more than {limit} rows. Split it by year or month.", limit=MAX_ROWS)
    if not names:
        names, rows = ["id"], ([str(number)] for number in range(1, len(drawn) + 1))
    layer.begin(names)
    moved = _to_degrees(np.asarray(shapely.force_2d(drawn), dtype=object), crs)
    readable = _finite(drawn)
    told = moved.copy()
    told[shapely.is_empty(moved) | ~_finite(moved)] = None
    texts = np.asarray(shapely.to_geojson(told), dtype=object).tolist()
    for line, (cells, before, after, text) in enumerate(zip(rows, drawn, moved, texts, strict=True), 1):
        fault = None
        if before is not None and text is None and not before.is_empty:
            fault = Note(_OUTSIDE if readable[line - 1] else WRONG)
        elif text:
            layer.geometries.add(kind_of(after))
        layer.write(line, cells, text or "", fault)


def _finite(drawn: NDArray[Any]) -> NDArray[np.bool_]:
    # The bounds of a shape with one coordinate that is no number are no numbers, or hide it: so look at all of them.
    flat, owner = shapely.get_coordinates(drawn, return_index=True)
    fine = np.ones(len(drawn), dtype=np.bool_)
    fine[owner[~np.isfinite(flat).all(axis=1)]] = False
    return fine


def _to_degrees(drawn: NDArray[Any], crs: CRS | None) -> NDArray[Any]:
    if crs is None:
        _check_degrees(drawn)
        return drawn
    if crs.is_geographic and crs.to_epsg() in (4326, 4490):
        return drawn
    try:
        mover = Transformer.from_crs(crs, _EARTH, always_xy=True)
        return np.asarray(shapely.transform(drawn, lambda flat: _moved(mover, flat)), dtype=object)
    except ProjError:
        raise Refused(
            "The coordinate system {name} of the file can't be converted. Export it as WGS-84 or CGCS2000.",
            name=crs.name[:60],
        ) from None


def _moved(mover: Transformer, flat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(np.column_stack(mover.transform(flat[:, 0], flat[:, 1])), _DIGITS)


def _check_degrees(drawn: NDArray[Any]) -> None:
    flat = shapely.get_coordinates(drawn)
    flat = flat[np.isfinite(flat).all(axis=1)]
    far = (np.abs(flat) > 180).any(axis=1)
    if len(flat) and far.mean() > 0.5:
        raise Refused(
            "The file does not say in which coordinate system its outlines are, and they are not in degrees. "
            "Add its .prj, or export it as WGS-84 or CGCS2000."
        )


def kind_of(drawn: BaseGeometry) -> str:
    """``point``, ``line``, ``polygon`` or ``mixed``."""
    return _KINDS[int(shapely.get_type_id(drawn))]


def crs_of(told: object) -> CRS | None:
    """The coordinate system a file names; none where it names none."""
    try:
        return CRS.from_user_input(told) if told else None
    except ProjError:
        raise Refused(
            "The coordinate system {name} of the file can't be converted. Export it as WGS-84 or CGCS2000.",
            name=str(told)[:60],
        ) from None


def named(crs: CRS | None) -> str:
    """``EPSG:2263`` where the system has a number, otherwise its name; empty for none."""
    if crs is None:
        return ""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name[:60]


def cell(value: object) -> str:
    """A value of a drawn file as a cell: no needless ``.0``, lists and objects as JSON."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value).strip()


def from_text(text: str) -> tuple[str, str]:
    """(kind, GeoJSON) of an outline written as WKT; both empty where it can't be read."""
    drawn = shapely.from_wkt(text.strip().partition(";")[2] or text.strip(), on_invalid="ignore")
    if drawn is None or drawn.is_empty:
        return "", ""
    return kind_of(drawn), str(shapely.to_geojson(shapely.force_2d(drawn)))
