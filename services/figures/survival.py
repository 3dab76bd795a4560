"""Survival: how long something takes when part of it is not over yet: SciPy's Kaplan–Meier and log-rank.

What is still open is censored: it has taken at least so long. Leaving it out would make slow work look fast.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.figures import chances
from services.figures.intervals import CONFIDENCE

# Products of many fractions are off by some units of the last place; a curve that meets a half exactly has met it.
_SLACK = 1e-12

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True)
class Times:
    """For each of ``hours``, rising, how many were ``closed`` after so long and how many ``waiting`` have waited so."""

    hours: Whole
    closed: Whole
    waiting: Whole

    @property
    def n(self) -> int:
        """How many there are, closed or waiting."""
        return int(self.closed.sum() + self.waiting.sum())

    @property
    def events(self) -> int:
        """How many are closed."""
        return int(self.closed.sum())

    @property
    def longest(self) -> int:
        """The longest time seen, closed or waiting; 0 where there is none."""
        return int(self.hours[-1]) if len(self.hours) else 0

    @cached_property
    def spread(self) -> Any:
        """Every single time, as SciPy takes them: closed ones as seen, waiting ones as censored."""
        ended, open_ = (np.repeat(self.hours, many).astype(np.float64) for many in (self.closed, self.waiting))
        return chances.stats().CensoredData(uncensored=ended, right=open_)

    @cached_property
    def left(self) -> Any:
        """SciPy's curve of the share not yet closed (Kaplan & Meier 1958)."""
        return chances.stats().ecdf(self.spread).sf


def times(closed: Iterable[tuple[int, int]], waiting: Iterable[tuple[int, int]] = ()) -> Times:
    """Times from pairs of hours and counts; the same hour may come more than once."""
    ended, open_ = (np.array(list(pairs), dtype=np.int64).reshape(-1, 2) for pairs in (closed, waiting))
    hours, at = np.unique(np.concatenate([ended[:, 0], open_[:, 0]]), return_inverse=True)
    both = np.zeros((2, len(hours)), dtype=np.int64)
    np.add.at(both[0], at[: len(ended)], ended[:, 1])
    np.add.at(both[1], at[len(ended) :], open_[:, 1])
    return Times(hours, both[0], both[1])


def together(parts: Iterable[Times]) -> Times:
    """All of the parts as one."""
    kept = list(parts)
    return times(
        (pair for one in kept for pair in zip(one.hours.tolist(), one.closed.tolist(), strict=True)),
        (pair for one in kept for pair in zip(one.hours.tolist(), one.waiting.tolist(), strict=True)),
    )


def curve(found: Times) -> Real:
    """The share not yet closed after each of ``found.hours``."""
    return np.asarray(found.left.probabilities, np.float64) if found.n else np.ones(0)


def quantile(found: Times, share: float) -> int | None:
    """The hours within which ``share`` (0 to 1) of all are closed; none where the curve doesn't get there."""
    return _first(found.hours, curve(found), 1 - share)


def _first(hours: Whole, left: Real, level: float) -> int | None:
    reached = np.nonzero(left <= level + _SLACK)[0]
    return int(hours[reached[0]]) if len(reached) else None


def interval(found: Times, share: float) -> tuple[int | None, int | None]:
    """The 95 % interval of ``quantile`` (Greenwood's variance on the log-log scale); none where it is open."""
    if not found.n:
        return None, None
    low, high = _bands(found)
    return _first(found.hours, low, 1 - share), _first(found.hours, high, 1 - share)


def _bands(found: Times) -> tuple[Real, Real]:
    with warnings.catch_warnings():
        # Where all are open or all closed there is no band, and SciPy says so; the curve itself stands there.
        warnings.simplefilter("ignore", RuntimeWarning)
        told = found.left.confidence_interval(CONFIDENCE, method="log-log")
    left = curve(found)
    inner = (left > _SLACK) & (left < 1 - _SLACK)
    low, high = (np.where(inner, band.probabilities, left) for band in (told.low, told.high))
    return low, high


def log_rank(one: Times, other: Times) -> float | None:
    """How often chance alone makes two curves differ so (Mantel 1966); none where nothing can be compared."""
    if not _comparable(one, other):
        return None
    return float(chances.stats().logrank(one.spread, other.spread).pvalue)


def _comparable(one: Times, other: Times) -> bool:
    """Whether somebody closes while both sides are still at risk of it, and not all at once: else chance has no say."""
    both = together([one, other])
    closing = both.hours[both.closed > 0]
    (mine, theirs), ending = (_at_risk(part, closing) for part in (one, other)), both.closed[both.closed > 0]
    return bool(np.any((mine > 0) & (theirs > 0) & (mine + theirs > ending)))


def _at_risk(found: Times, hours: Whole) -> Whole:
    leaving = np.append((found.closed + found.waiting)[::-1].cumsum()[::-1], 0)
    return leaving[np.searchsorted(found.hours, hours)]
