"""The ground: distances in metres between positions in WGS-84 degrees, for places a town apart at most."""

from typing import Any

import numpy as np

METRES_PER_DEGREE = 111_320.0


def metres(lng: Any, lat: Any, other_lng: Any, other_lat: Any) -> Any:
    """The distance between two positions, or between arrays of them; within 0.5 % inside one town."""
    east = (np.subtract(other_lng, lng)) * np.cos(np.radians(np.add(lat, other_lat) / 2))
    return METRES_PER_DEGREE * np.hypot(east, np.subtract(other_lat, lat))


def box(lng: float, lat: float, radius: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a box that holds every position within ``radius`` metres, and little more."""
    high = radius / METRES_PER_DEGREE * 1.01
    wide = high / max(0.01, float(np.cos(np.radians(min(89.0, abs(lat) + high)))))
    return lng - wide, lat - high, lng + wide, lat + high
