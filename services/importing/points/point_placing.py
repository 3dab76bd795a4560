"""Placing: which area each point of a file lies in, and whether the whole file is read in the wrong datum."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sqlmodel import Session

from services.importing.job.suspicion import Suspicion
from services.importing.points.datums import Floats, Pair, to_wgs84
from services.places import boundaries
from services.places.boundaries import NOWHERE, Placer

__all__ = ["NOWHERE", "Placer", "Suspicion", "placer", "suspicion"]

_SAMPLE = 20_000
_FEWEST = 5  # points that have to speak for another reading
_SHARE = 0.02  # of all points
_CLEARLY = 4  # times as many points must speak for it as against it
_METRES = 111_320.0


@dataclass(frozen=True)
class _Reading:
    datum: str
    swapped: bool
    lng: Floats
    lat: Floats
    inside: NDArray[np.bool_]


def placer(session: Session, root_path: str) -> Placer:
    """The boundaries of one place, or of all with an empty path. Tiles of areas nobody has drawn hold no points."""
    return boundaries.placer(session, root_path, drawn=True)


def suspicion(found: Placer, datum: str, lng: ArrayLike, lat: ArrayLike) -> Suspicion | None:
    """Whether the points, as they stand in the file, fit the areas clearly better in another datum or swapped.

    Points that one reading puts inside and the other outside are set against each other. A right set loses points by
    any other reading, also when much of it lies outside its areas; outside China GCJ-02 says the same as WGS-84.
    """
    x, y = _sample(lng, lat)
    if not found.boundaries or not len(x):
        return None
    chosen = _reading(found, datum, False, x, y)
    best = max(_others(found, datum, x, y), key=lambda reading: int(reading.inside.sum()))
    better, worse = int((best.inside & ~chosen.inside).sum()), int((chosen.inside & ~best.inside).sum())
    if better < max(_FEWEST, _SHARE * len(x)) or better <= _CLEARLY * worse:
        return None
    metres = _moved(chosen, best)
    shares = float(chosen.inside.mean()), float(best.inside.mean())
    return Suspicion(best.datum, *shares, metres, best.swapped, datum)


def _sample(lng: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.asarray(lng, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    known = known[:: max(1, len(known) // _SAMPLE)]
    return x[known], y[known]


def _others(found: Placer, chosen: str, x: Floats, y: Floats) -> Iterator[_Reading]:
    same = "wgs84" if chosen == "cgcs2000" else chosen
    for swapped in (False, True):
        for datum in dict.fromkeys((same, "wgs84", "gcj02", "bd09")):
            if swapped or datum != same:
                yield _reading(found, chosen if datum == same else datum, swapped, x, y)


def _reading(found: Placer, datum: str, swapped: bool, x: Floats, y: Floats) -> _Reading:
    lng, lat = to_wgs84(datum, y, x) if swapped else to_wgs84(datum, x, y)
    return _Reading(datum, swapped, lng, lat, found.place(lng, lat) != NOWHERE)


def _moved(one: _Reading, other: _Reading) -> int:
    east = (one.lng - other.lng) * np.cos(np.radians(other.lat))
    return round(float(np.median(np.hypot(east, one.lat - other.lat))) * _METRES)
