"""Shares: deal out choices so that even a small sample meets its calibration."""

from collections.abc import Collection, Hashable, Mapping
from random import Random
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_SHUFFLE = 0.5


class Shares(Generic[K]):
    """After n draws each choice has come up its share of n times, give or take one or two, in no visible order."""

    def __init__(self, rng: Random, shares: Mapping[K, float]) -> None:
        whole = sum(shares.values())
        self._rng = rng
        self._shares = {choice: share / whole for choice, share in shares.items() if share}
        self._owed = dict.fromkeys(self._shares, 0.0)

    def draw(self, allowed: Collection[K] | None = None) -> K:
        """The next choice, one of ``allowed`` if given; what could not be drawn now is owed to later draws."""
        for choice, share in self._shares.items():
            self._owed[choice] += share
        able = [choice for choice in self._owed if allowed is None or choice in allowed]
        best = max(able, key=lambda choice: self._owed[choice] + self._rng.random() * _SHUFFLE)
        self._owed[best] -= 1
        return best
