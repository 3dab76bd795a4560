"""Fair ranking: areas or units compared by a share so that a small number of cases can't win or lose by luck.

Shares are pulled towards the common share by as much as their cases are few (empirical Bayes), carry a Wilson 95 %
interval, and one whose interval holds the common share is "no different". Below the minimum n none is ranked. Those
that share a letter do not differ from each other: pairs are tested, and Holm's rule keeps the chance of a single
false claim among all pairs below the rule ``comparison.chance``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

from services.figures import chances, comparisons
from services.figures.intervals import wilson
from services.figures.kept_counts import Count
from services.rules.rules import rule

UNRANKED = ("too_few", "no_cases", "not_recorded")
# Pairs grow with the square: beyond this many, those with the fewest cases get no letter.
LETTERED = 60


class Subject(Protocol):
    """What is compared: an area, a unit, a category."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""


@dataclass(frozen=True)
class Ranked:
    """One subject's place. ``verdict``: better, worse, same, too_few, no_cases, or not_recorded
    where its ledger doesn't record what is counted. Shares are between 0 and 1.

    ``letters`` are those of the groups it belongs to; none when it is not ranked.
    """

    area: Subject
    count: Count
    share: float | None
    fair: float | None
    low: float | None
    high: float | None
    verdict: str
    letters: str = ""


def strength(counts: list[Count]) -> float:
    """How many cases the common share is worth: the beta prior's size by the method of moments, 1 to 1000."""
    seen = [count for count in counts if count.denominator]
    whole = sum(count.denominator or 0 for count in seen)
    if len(seen) < 2 or not whole:
        return 1000.0
    common = sum(count.numerator for count in seen) / whole
    expected = common * (1 - common)
    spread = sum((c.denominator or 0) * ((c.value or 0) - common) ** 2 for c in seen) / whole
    sampling = expected * len(seen) / whole
    between = spread - sampling
    return 1000.0 if between <= 0 or expected == 0 else min(1000.0, max(1.0, expected / between - 1))


def ranked(counted: Sequence[tuple[Subject, Count]], better: str = "up") -> list[Ranked]:
    """The subjects, best first, those too small to rank last. Equal fair shares keep the order they came in.

    ``better`` says whether more is better (up), less (down), or neither; then the largest share comes first.
    """
    counts = [count for _, count in counted]
    whole = sum(count.denominator or 0 for count in counts)
    common = sum(count.numerator for count in counts) / whole if whole else 0.0
    weight, sign = strength(counts), 1 if better == "down" else -1
    placed = [_place(subject, count, common, weight, better) for subject, count in counted]
    placed.sort(key=lambda row: (row.verdict in UNRANKED, sign * (row.fair or 0)))
    return _lettered(placed)


def _place(subject: Subject, count: Count, common: float, weight: float, better: str) -> Ranked:
    n = count.denominator or 0
    if not n:
        return Ranked(subject, count, None, None, None, None, "no_cases" if count.recorded else "not_recorded")
    low, high = wilson(count.numerator, n)
    fair = (count.numerator + weight * common) / (n + weight)
    verdict = "too_few" if n < rule("ranking.minimum").value else _verdict(low, high, common, better)
    return Ranked(subject, count, count.value, fair, low, high, verdict)


def _verdict(low: float, high: float, common: float, better: str) -> str:
    above, below = ("worse", "better") if better == "down" else ("better", "worse")
    return above if low > common else below if high < common else "same"


def _lettered(placed: list[Ranked]) -> list[Ranked]:
    able = [at for at, row in enumerate(placed) if row.verdict not in UNRANKED]
    able = sorted(sorted(able, key=lambda at: -(placed[at].count.denominator or 0))[:LETTERED])
    groups = tiers([placed[at].count for at in able])
    told = {at: _letters(place, groups) for place, at in enumerate(able)}
    return [replace(row, letters=told.get(at, "")) for at, row in enumerate(placed)]


def _letters(place: int, groups: list[tuple[int, int]]) -> str:
    return "".join(_letter(no) for no, (first, last) in enumerate(groups) if first <= place <= last)


def _letter(no: int) -> str:
    return chr(ord("a") + no) if no < 26 else f"({no + 1})"


def tiers(counts: list[Count]) -> list[tuple[int, int]]:
    """The groups of those that do not differ, as first and last place, from counts in the order of their ranking.

    Two differ when their own pair is significant and every pair around it (one placed at or above the upper, one at
    or below the lower) is too. So a group is always a run of neighbours, and no claim rests on one odd pair.
    """
    different, size = _different(counts), len(counts)
    claims = [[False] * size for _ in range(size)]
    for upper in range(size):
        for lower in range(size - 1, upper, -1):
            outer = (upper == 0 or claims[upper - 1][lower]) and (lower == size - 1 or claims[upper][lower + 1])
            claims[upper][lower] = outer and (upper, lower) in different
    ends = [max(lower for lower in range(upper, size) if not claims[upper][lower]) for upper in range(size)]
    return [(at, end) for at, end in enumerate(ends) if at == 0 or end > ends[at - 1]]


def _different(counts: list[Count]) -> set[tuple[int, int]]:
    pairs = list(combinations(range(len(counts)), 2))
    told = [(round(one.numerator), one.denominator or 0) for one in counts]
    found = chances.of_pairs([(*told[one], *told[other]) for one, other in pairs])
    limit = rule("comparison.chance").value
    return {pair for pair, chance in zip(pairs, comparisons.holm(found), strict=True) if chance < limit}
