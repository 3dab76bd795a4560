"""Intervals: between which shares the true one lies (Wilson's score interval, 95 %), exact at none and at all."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
Real = NDArray[np.float64]


@lru_cache
def _quantile() -> float:
    # Imported when first needed: loading it takes longer than a page may.
    from scipy.special import ndtri

    return float(ndtri((1 + CONFIDENCE) / 2))


def wilson(hits: float, n: int) -> tuple[float, float]:
    """The interval of ``hits`` in ``n`` (n > 0)."""
    low, high = together([hits], [n])
    return float(low[0]), float(high[0])


def together(hits: ArrayLike, n: ArrayLike) -> tuple[Real, Real]:
    """The intervals of many at once: ``scipy.stats.binomtest(...).proportion_ci("wilson")`` takes 0.3 ms for each."""
    k, size = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    square = _quantile() ** 2
    centre = (k + square / 2) / (size + square)
    half = _quantile() * np.sqrt(k * (size - k) / size + square / 4) / (size + square)
    # On paper these are 0 and 1; a float of the formula may lie beside them.
    low = np.where(k <= 0, 0.0, np.clip(centre - half, 0, 1))
    return low, np.where(k >= size, 1.0, np.clip(centre + half, 0, 1))
