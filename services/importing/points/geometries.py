"""Geometries: whether an outline of an area or a point can be used, and what to do where it can't. WGS-84 degrees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from services.importing.points.datums import to_wgs84 as points_to_wgs84
from services.importing.source.reading_notes import Note
from services.system.errors import listed

DIGITS = 6  # of a degree: a tenth of a metre
MAX_VERTICES = 200_000
_SMALLEST = 1e-11  # square degrees: a tenth of a square metre
_REPAIRED = 0.01  # of the surface, which a repair may change
_UNREADABLE_BY = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, ShapelyError)

_NONE = listed("The row has no outline. Draw the area, or leave the column of outlines unmapped.")
_UNREADABLE = listed("The outline can't be read. Draw it again.")
_POINT = listed("The outline is a point, and an area needs a polygon. Export the areas, not where their names stand.")
_LINE = listed("The outline is a line, and an area needs a polygon. Export the areas, not their borders.")
_NUMBERS = listed("The outline holds a coordinate that is no number. Draw it again.")
_RANGE = listed(
    "The outline lies outside the earth: {lng}, {lat}. Check the coordinate system of the file, and whether longitude "
    "and latitude are swapped."
)
_SWAPPED = listed(
    "The outline lies at longitude {lng}, latitude {lat}: the two seem to be swapped. Export the file with the "
    "longitude first."
)
_FLAT = listed("The outline has no surface. Draw the area again.")
_CROSSES = listed(
    "The outline crosses itself near {lng}, {lat}. Draw it again there, or let the import repair such outlines."
)
_TORN = listed(
    "The outline crosses itself near {lng}, {lat}, and a repair would change its surface by {share}. "
    "Draw it again there."
)
_TOO_FINE = listed("The outline has {count} vertices, {limit} are allowed. Simplify it.")


@dataclass(frozen=True)
class Outline:
    """A usable outline as GeoJSON with six decimals, and the point inside it that stands for the area."""

    geometry: dict[str, Any]
    lng: float
    lat: float


def to_wgs84(geometry: dict[str, Any], datum: str) -> dict[str, Any]:
    """A GeoJSON geometry of ``datum`` in WGS-84; one that can't be read is returned as it is."""
    if datum in ("wgs84", "cgcs2000"):
        return geometry
    drawn = _read(geometry)
    if drawn is None:
        return geometry
    moved = shapely.transform(drawn, lambda flat: np.column_stack(points_to_wgs84(datum, flat[:, 0], flat[:, 1])))
    return dict(mapping(moved))


def outline(geometry: dict[str, Any] | None, *, repair: bool = False) -> Outline | Note:
    """The outline of an area, or what is wrong with it and what to do.

    ``repair`` mends an outline that crosses itself, where that changes its surface by less than 1 %. Heights and
    anything that is no surface beside the surfaces are dropped.
    """
    if geometry is None:
        return Note(_NONE)
    drawn = _read(geometry)
    if drawn is None:
        return Note(_UNREADABLE)
    drawn = _surfaces(drawn)
    wrong = _kind(drawn) or _position(drawn) or _size(drawn)
    if wrong:
        return wrong
    rounded = _rounded(drawn)
    return _told(rounded) if rounded.is_valid and rounded.area > _SMALLEST else _mended(drawn, rounded, repair)


def _read(geometry: dict[str, Any]) -> BaseGeometry | None:
    try:
        with np.errstate(all="ignore"):
            drawn = shape(geometry)
            return drawn if drawn.is_empty else shapely.force_2d(drawn)
    except _UNREADABLE_BY:
        return None


def _surfaces(drawn: BaseGeometry) -> BaseGeometry:
    """The polygons of a collection; anything else as it is."""
    if drawn.geom_type != "GeometryCollection":
        return drawn
    parts = [part for part in shapely.get_parts(drawn).tolist() if part.geom_type in ("Polygon", "MultiPolygon")]
    polygons = [polygon for part in parts for polygon in shapely.get_parts(part).tolist()]
    return MultiPolygon(polygons) if polygons else drawn


def _kind(drawn: BaseGeometry) -> Note | None:
    if drawn.is_empty:
        return Note(_NONE)
    if drawn.geom_type in ("Polygon", "MultiPolygon"):
        return None
    return Note(_POINT if drawn.geom_type.endswith("Point") else _LINE)


def _position(drawn: BaseGeometry) -> Note | None:
    flat = shapely.get_coordinates(drawn)
    if not np.isfinite(flat).all():
        return Note(_NUMBERS)
    lng, lat = flat[np.abs(flat[:, 1]).argmax()].tolist()
    # A latitude that is none, where the longitude would be one, was written in the wrong order.
    if 90 < abs(lat) <= 180 and (np.abs(flat[:, 0]) <= 90).all():
        return Note(_SWAPPED, {"lng": f"{lng:.4f}", "lat": f"{lat:.4f}"})
    if abs(lat) > 90 or (np.abs(flat[:, 0]) > 180).any():
        return Note(_RANGE, {"lng": f"{lng:.4f}", "lat": f"{lat:.4f}"})
    return None


def _size(drawn: BaseGeometry) -> Note | None:
    count = int(shapely.get_num_coordinates(drawn))
    return Note(_TOO_FINE, {"count": count, "limit": MAX_VERTICES}) if count > MAX_VERTICES else None


def _rounded(drawn: BaseGeometry) -> BaseGeometry:
    return shapely.transform(drawn, lambda flat: np.round(flat, DIGITS))


def _mended(drawn: BaseGeometry, rounded: BaseGeometry, repair: bool) -> Outline | Note:
    """Rounding may make a narrow outline touch itself: that is mended without asking."""
    if drawn.is_valid and drawn.area <= _SMALLEST:
        return Note(_FLAT)
    mended = _polygons(shapely.make_valid(rounded, method="structure", keep_collapsed=False))
    if mended is None or mended.area <= _SMALLEST:
        return Note(_FLAT)
    lng, lat = _crossing(drawn if not drawn.is_valid else rounded)
    change = abs(mended.area - _painted(rounded)) / mended.area
    if not drawn.is_valid and not repair:
        return Note(_CROSSES, {"lng": lng, "lat": lat})
    if change >= _REPAIRED:
        return Note(_TORN, {"lng": lng, "lat": lat, "share": f"{change:.0%}"})
    again = _rounded(mended)
    return _told(again if again.is_valid else mended)


def _painted(drawn: BaseGeometry) -> float:
    """The surface as the person who drew it sees it: everything inside its outer rings, less the holes."""
    rings: list[Polygon] = shapely.get_parts(drawn).tolist()
    return float(
        sum(abs(_signed(part.exterior)) - sum(abs(_signed(hole)) for hole in part.interiors) for part in rings)
    )


def _signed(ring: BaseGeometry) -> float:
    x, y = shapely.get_coordinates(ring).T
    x, y = x - x[0], y - y[0]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def _polygons(drawn: BaseGeometry) -> BaseGeometry | None:
    found = [part for part in shapely.get_parts(drawn).tolist() if isinstance(part, Polygon) and part.area > 0]
    if not found:
        return None
    return found[0] if len(found) == 1 else MultiPolygon(found)


def _crossing(drawn: BaseGeometry) -> tuple[str, str]:
    told = explain_validity(drawn).rpartition("[")[2].rstrip("]").split()
    return (told[0], told[1]) if len(told) == 2 else ("?", "?")


def _told(drawn: BaseGeometry) -> Outline:
    heart = drawn.representative_point()
    found: dict[str, Any] = plain(mapping(drawn))
    return Outline(found, round(heart.x, DIGITS), round(heart.y, DIGITS))


def plain(told: Any) -> Any:
    """A mapping with lists instead of tuples, so that what is stored and read again is equal to what was stored."""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items()}
    return [plain(value) for value in told] if isinstance(told, (list, tuple)) else told
