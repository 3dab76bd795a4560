import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importing.points.datums import DATUMS, from_wgs84, to_wgs84
from services.system.errors import Refused

METRES = 111_320.0
# What the widely used implementation coordtransform publishes for this point.
POINT = (116.404, 39.915)
GCJ_OF_POINT = (116.41024449916938, 39.91640428150164)
BD_OF_POINT_IN_GCJ = (116.41036949371029, 39.92133699351021)
GCJ_OF_POINT_IN_BD = (116.39762729119315, 39.90865673957631)


def _metres(one: tuple[object, object], other: tuple[object, object]) -> float:
    pairs = [(np.asarray(a, float), np.asarray(b, float)) for a, b in zip(one, other, strict=True)]
    return float(np.max(np.hypot(*(a - b for a, b in pairs)))) * METRES


def test_known_points() -> None:
    assert _metres(from_wgs84("gcj02", *POINT), GCJ_OF_POINT) < 1e-4
    assert _metres(from_wgs84("bd09", *to_wgs84("gcj02", *POINT)), BD_OF_POINT_IN_GCJ) < 1e-4
    # Its inverse is rough: a metre beside the truth.
    assert _metres(from_wgs84("gcj02", *to_wgs84("bd09", *POINT)), GCJ_OF_POINT_IN_BD) < 1.5
    assert _metres(from_wgs84("cgcs2000", *POINT), POINT) == 0


@pytest.mark.parametrize("datum", DATUMS)
@given(st.floats(73, 137), st.floats(1, 55))
def test_there_and_back_is_the_same_point(datum: str, lng: float, lat: float) -> None:
    assert _metres(to_wgs84(datum, *from_wgs84(datum, lng, lat)), (lng, lat)) < 1e-5


def test_the_shift_is_a_few_hundred_metres_in_china_and_none_abroad() -> None:
    lng, lat = from_wgs84("gcj02", [116.3975, -87.63, 2.35], [39.9087, 41.88, 48.85])
    assert 400 < abs(lng[0] - 116.3975) * METRES < 800
    assert (lng[1:].tolist(), lat[1:].tolist()) == ([-87.63, 2.35], [41.88, 48.85])


@pytest.mark.parametrize("datum", DATUMS)
def test_what_is_no_number_stays_none(datum: str) -> None:
    lng, lat = to_wgs84(datum, [np.nan, 113.0], [28.0, np.nan])
    assert np.isnan(lng[0]) and np.isnan(lat[1])


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(Refused, match="There is no datum mars"):
        to_wgs84("mars", [1.0], [1.0])
