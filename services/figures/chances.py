"""Chances: how often chance alone makes two figures differ so. The tests are SciPy's, loaded when first needed.

Very many pairs of shares are tested at once, with the distributions that ``fisher_exact`` and ``chi2_contingency`` are
made of: asked one by one, the pairs of sixty areas would take half a second.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int, int, int]
Real = NDArray[np.float64]
Whole = NDArray[np.int64]
# Where fewer are expected in a cell, chi-square is no longer right.
_FEW = 5
# As likely as what was seen, but for the last digits of a float: what fisher_exact allows, too.
_ALIKE = 1 + 1e-14


def stats() -> Any:
    """SciPy's statistics. Loading them takes half a second, so nobody does before a figure needs them."""
    from scipy import stats

    return stats


def normal(gap: float) -> float:
    """How often a normal figure lies so many standard deviations from its mean, on either side."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(gap)))


def poisson(counts: tuple[int, int], over: tuple[float, float]) -> float:
    """How often two counts ``over`` so much time differ so, where both come at one rate."""
    return float(stats().poisson_means_test(counts[0], over[0], counts[1], over[1]).pvalue)


def of_pairs(pairs: Sequence[Pair]) -> list[float]:
    """How often chance makes the two shares of each pair (hits, n, other hits, other n) differ so.

    Fisher's exact test where fewer than five are expected in a cell, else chi-square with Yates' correction.
    """
    if not len(pairs):
        return []
    hits, n, others, m = np.asarray(pairs, np.int64).T
    all_hits, whole = hits + others, n + m
    found, told = np.ones(len(pairs)), (all_hits > 0) & (all_hits < whole)
    least = np.minimum(n, m) * np.minimum(all_hits, whole - all_hits) / np.maximum(whole, 1)
    few = told & (least < _FEW)
    for at, test in ((few, _fisher), (told & ~few, _chi_square)):
        if at.any():
            found[at] = test(hits[at], n[at], all_hits[at], whole[at])
    return [float(one) for one in found]


def _chi_square(hits: Whole, n: Whole, all_hits: Whole, whole: Whole) -> Real:
    from scipy.special import chdtrc

    expected = n * all_hits / whole
    gap = np.maximum(0.0, np.abs(hits - expected) - 0.5)
    variance = expected * (whole - n) * (whole - all_hits) / whole / whole
    return np.asarray(chdtrc(1, gap * gap / variance), np.float64)


def _fisher(hits: Whole, n: Whole, all_hits: Whole, whole: Whole) -> Real:
    """Of all tables with the same margins, the chance of those at most as likely as the one seen."""
    first = np.maximum(0, n + all_hits - whole)
    many = np.minimum(n, all_hits) - first + 1
    pair = np.repeat(np.arange(len(n)), many)
    table = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many) + first[pair]
    likely = stats().hypergeom.pmf(table, whole[pair], all_hits[pair], n[pair])
    seen = likely[np.cumsum(many) - many + hits - first]
    rare = np.where(likely <= seen[pair] * _ALIKE, likely, 0.0)
    return np.minimum(1.0, np.bincount(pair, rare, len(n)))
