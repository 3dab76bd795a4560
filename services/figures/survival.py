"""Survival: how long something takes when part of it is not over yet. Kaplan–Meier and log-rank, from counts by hour.

What is still open is censored: it has taken at least so long. Leaving it out would make slow work look fast.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

_Z = 1.959964
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

    @property
    def at_risk(self) -> Whole:
        """How many have taken at least so long, for each of ``hours``."""
        leaving = self.closed + self.waiting
        return leaving[::-1].cumsum()[::-1]


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
    """The share not yet closed after each of ``found.hours`` (Kaplan & Meier 1958)."""
    risk = np.maximum(found.at_risk, 1)
    return np.cumprod(1 - found.closed / risk, dtype=np.float64)


def quantile(found: Times, share: float) -> int | None:
    """The hours within which ``share`` (0 to 1) of all are closed; none where the curve doesn't get there."""
    return _first(found.hours, curve(found), 1 - share)


def _first(hours: Whole, left: Real, level: float) -> int | None:
    reached = np.nonzero(left <= level + _SLACK)[0]
    return int(hours[reached[0]]) if len(reached) else None


def interval(found: Times, share: float) -> tuple[int | None, int | None]:
    """The 95 % interval of ``quantile`` (Greenwood's variance on the log-log scale); none where it is open."""
    low, high = _bands(found)
    return _first(found.hours, low, 1 - share), _first(found.hours, high, 1 - share)


def _bands(found: Times) -> tuple[Real, Real]:
    left, risk = curve(found), found.at_risk
    inner = (left > 0) & (left < 1)
    fraction = np.where(inner, found.closed / np.maximum(risk * (risk - found.closed), 1), 0.0)
    logs = np.log(np.where(inner, left, 0.5))
    spread = _Z * np.sqrt(np.cumsum(fraction)) / np.abs(logs)
    low, high = (np.where(inner, np.exp(logs * np.exp(sign * spread)), left) for sign in (1, -1))
    return low, high


def log_rank(one: Times, other: Times) -> float | None:
    """How often chance alone makes two curves differ so (Mantel 1966); none where nothing can be compared."""
    hours = np.union1d(one.hours, other.hours)
    (d1, n1), (d2, n2) = _on(hours, one), _on(hours, other)
    closed, risk = d1 + d2, n1 + n2
    # Compared where somebody closes and both sides are still at risk of it; alone at risk, nothing is left to chance.
    at = (closed > 0) & (risk > 1)
    closed, risk, n1, n2, d1 = closed[at], risk[at], n1[at], n2[at], d1[at]
    variance = float(np.sum(closed * (n1 / risk) * (n2 / risk) * (risk - closed) / (risk - 1)))
    if variance <= 0:
        return None
    surplus = float(np.sum(d1 - closed * n1 / risk))
    return erfc(abs(surplus) / sqrt(2 * variance))


def _on(hours: Whole, found: Times) -> tuple[Whole, Whole]:
    closed = np.zeros(len(hours), dtype=np.int64)
    closed[np.searchsorted(hours, found.hours)] = found.closed
    risk, at = found.at_risk, np.searchsorted(found.hours, hours)
    return closed, np.append(risk, 0)[at]
