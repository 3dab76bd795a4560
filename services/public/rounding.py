"""Rounding: a tree of counts told so that no set of them gives one away.

A count is rounded down or up to a step, by a threshold of its own that nobody knows: a 3 is a 0 for seven thresholds
of ten and a 10 for the other three, so that sums come out right on the average. Who reads a 0 knows 0 to 9, who reads
a 20 knows 11 to 29: never fewer numbers than a step has. A whole is rounded by itself, as long as that, beside its
parts, leaves each of them and itself as wide; otherwise it is told nearer to the sum of its parts, and that sum itself
tells nothing new.
"""

import hashlib
from collections.abc import Mapping, Sequence

Spans = dict[int, tuple[int, int]]
_ENDLESS = 10**12


def threshold(salt: str, name: str, step: int) -> int:
    """The secret threshold of one count, always the same."""
    told = hashlib.blake2b(name.encode(), key=salt.encode(), digest_size=8).digest()
    return int.from_bytes(told) % step


def rounded(count: int, step: int, above: int) -> int:
    """The multiple of ``step`` next below or next above ``count``."""
    return (count + above) // step * step


class Tree:
    """Areas and their parts; ``beside`` are those that hold counts which lie in none of their parts."""

    def __init__(self, parts: Mapping[int, Sequence[int]], beside: Mapping[int, int], step: int) -> None:
        self._parts, self._beside, self._step = parts, beside, step

    def told(self, root: int, own: Mapping[int, int]) -> dict[int, int]:
        """What is told of every area, from what each was rounded to by itself."""
        found = dict(own)
        for area in reversed(self._below(root)):
            if self._parts.get(area):
                self._settle(area, found)
        return found

    def _settle(self, area: int, found: dict[int, int]) -> None:
        """Tell the multiple nearest to what it was rounded to that leaves all below as wide: the sum always does."""
        total = sum(found[part] for part in self._parts[area]) + self._beside.get(area, 0)
        step = self._step if total > found[area] else -self._step
        while found[area] != total and not self._wide(area, found):
            found[area] += step

    def spans(self, root: int, told: Mapping[int, int]) -> Spans:
        """The least and the most that each true count can be, for whoever knows all that is told."""
        alone = self._alone(root, told)
        found = {root: alone[root]}
        for area in self._below(root):
            for part in self._parts.get(area, ()):
                found[part] = self._beside_others(area, part, found[area], alone)
        return found

    def _wide(self, root: int, told: Mapping[int, int]) -> bool:
        return all(most - least >= self._step - 1 for least, most in self.spans(root, told).values())

    def _below(self, root: int) -> list[int]:
        found = [root]
        for area in found:
            found.extend(self._parts.get(area, ()))
        return found

    def _alone(self, root: int, told: Mapping[int, int]) -> Spans:
        """The same, as far as the count itself and those below it say."""
        found: Spans = {}
        for area in reversed(self._below(root)):
            least, most = max(0, told[area] - self._step + 1), told[area] + self._step - 1
            if parts := self._parts.get(area):
                least = max(least, sum(found[part][0] for part in parts))
                most = min(most, sum(found[part][1] for part in parts) + self._room(area))
            found[area] = least, most
        return found

    def _beside_others(self, whole: int, part: int, span: tuple[int, int], alone: Spans) -> tuple[int, int]:
        others = [alone[other] for other in self._parts[whole] if other != part]
        least = span[0] - sum(most for _, most in others) - self._room(whole)
        return max(alone[part][0], least), min(alone[part][1], span[1] - sum(one for one, _ in others))

    def _room(self, area: int) -> int:
        return _ENDLESS if area in self._beside else 0
