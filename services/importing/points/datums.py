"""Datums: WGS-84, GCJ-02 (火星坐标), BD-09 (百度坐标) and CGCS2000, converted exactly, whole columns at a time.

GCJ-02 and BD-09 by the formulas that all open implementations share; the inverses by iteration, exact to less than
0.01 mm. CGCS2000 differs from WGS-84 by centimetres and is taken as the same. Degrees in, degrees out.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.system.errors import Refused

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")

_AXIS, _EXCENTRICITY = 6378245.0, 0.00669342162296594323  # Krasovsky's ellipsoid
_TURN = np.pi * 3000 / 180
_ROUNDS = 8
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271


def to_wgs84(datum: str, lng: ArrayLike, lat: ArrayLike) -> Pair:
    """Points of ``datum`` in WGS-84; Refused for a datum that is none of ``DATUMS``. What is no number stays none."""
    return _applied(_TO, datum, lng, lat)


def from_wgs84(datum: str, lng: ArrayLike, lat: ArrayLike) -> Pair:
    """Points of WGS-84 in ``datum``; Refused for a datum that is none of ``DATUMS``."""
    return _applied(_FROM, datum, lng, lat)


def _applied(table: Mapping[str, Callable[[Floats, Floats], Pair]], datum: str, lng: ArrayLike, lat: ArrayLike) -> Pair:
    if datum not in table:
        raise Refused("There is no datum {datum}. Choose one of: {known}.", datum=datum[:40], known=", ".join(DATUMS))
    return table[datum](np.asarray(lng, dtype=np.float64), np.asarray(lat, dtype=np.float64))


def outside_china(lng: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Where GCJ-02 is WGS-84: outside a rectangle around China, as the formula has it. NaN is outside."""
    return ~((lng > _WEST) & (lng < _EAST) & (lat > _SOUTH) & (lat < _NORTH))


def _same(lng: Floats, lat: Floats) -> Pair:
    return lng, lat


def _to_gcj(lng: Floats, lat: Floats) -> Pair:
    outside = outside_china(lng, lat)
    east, north = _shift(np.where(outside, 105.0, lng), np.where(outside, 35.0, lat))
    return np.where(outside, lng, lng + east), np.where(outside, lat, lat + north)


def _shift(lng: Floats, lat: Floats) -> Pair:
    x, y, sin, pi = lng - 105.0, lat - 35.0, np.sin, np.pi
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    root = np.sqrt(np.abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    angle = np.radians(lat)
    flat = 1 - _EXCENTRICITY * np.sin(angle) ** 2
    meridian = _AXIS * (1 - _EXCENTRICITY) / (flat * np.sqrt(flat))
    return east * 180 / (_AXIS / np.sqrt(flat) * np.cos(angle) * pi), north * 180 / (meridian * pi)


def _to_bd(lng: Floats, lat: Floats) -> Pair:
    """From GCJ-02."""
    far = np.hypot(lng, lat) + 2e-5 * np.sin(lat * _TURN)
    angle = np.arctan2(lat, lng) + 3e-6 * np.cos(lng * _TURN)
    return far * np.cos(angle) + 0.0065, far * np.sin(angle) + 0.006


def _undone(forward: Callable[[Floats, Floats], Pair], lng: Floats, lat: Floats) -> Pair:
    """Where ``forward`` leads to ``lng``, ``lat`` from: each round takes off what the last guess was beside them."""
    x, y = lng.copy(), lat.copy()
    for _ in range(_ROUNDS):
        east, north = forward(x, y)
        x, y = x + lng - east, y + lat - north
    return x, y


def _from_gcj(lng: Floats, lat: Floats) -> Pair:
    return _undone(_to_gcj, lng, lat)


def _from_bd(lng: Floats, lat: Floats) -> Pair:
    return _from_gcj(*_undone(_to_bd, lng, lat))


def _wgs_to_bd(lng: Floats, lat: Floats) -> Pair:
    return _to_bd(*_to_gcj(lng, lat))


_TO = {"wgs84": _same, "gcj02": _from_gcj, "bd09": _from_bd, "cgcs2000": _same}
_FROM = {"wgs84": _same, "gcj02": _to_gcj, "bd09": _wgs_to_bd, "cgcs2000": _same}
