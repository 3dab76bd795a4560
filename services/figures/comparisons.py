"""Comparisons: whether a change between two periods is more than noise. Never a bare difference.

Shares by Fisher's exact test where cases are few, else by chi-square with continuity; counts by how much the months
here vary, else as Poisson; durations by log-rank: all of SciPy. Which chance still counts as noise is a rule, not a
law.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from services.figures import chances
from services.figures.kept_counts import Count
from services.figures.survival import Times, log_rank
from services.rules.rules import rule

# What the test of two Poisson means takes grows with the square of the cases; from here on they are as good as normal.
_MANY = 2000


@dataclass(frozen=True)
class Change:
    """From ``before`` to ``now``. ``verdict``: more_than_noise, may_be_noise, too_few, no_cases, or not_recorded.

    ``chance`` is how often chance alone would make a change like it, 0 to 1; none where that can't be told.
    """

    now: float | None
    before: float | None
    verdict: str
    chance: float | None = None


def shares(now: Count, before: Count) -> Change:
    """Two shares. A weighted numerator is tested as if rounded to whole cases."""
    n, m = now.denominator or 0, before.denominator or 0
    if not n or not m:
        known = now.recorded and before.recorded
        return Change(now.value, before.value, "no_cases" if known else "not_recorded")
    if min(n, m) < rule("ranking.minimum").value:
        return Change(now.value, before.value, "too_few")
    chance = two_shares(round(now.numerator), n, round(before.numerator), m)
    return Change(now.value, before.value, _verdict(chance), chance)


def numbers(now: float, before: float, days: tuple[float, float], past: Sequence[int] = ()) -> Change:
    """Two counts over ``days`` each. ``past`` are the counts of the whole months before."""
    if now + before < rule("ranking.minimum").value or not min(days) > 0:
        return Change(now, before, "too_few")
    chance = two_counts(round(now), round(before), days, spread(past))
    return Change(now, before, _verdict(chance), chance)


def durations(now: Times, before: Times, share: float, told: tuple[int | None, int | None]) -> Change:
    """Two sets of times; ``told`` are their quantiles. The test is about the whole curves, whatever the ``share``."""
    seen, chance = told, log_rank(now, before)
    if not now.n or not before.n:
        return Change(seen[0], seen[1], "no_cases")
    if min(now.events, before.events) < rule("ranking.minimum").value * (1 if share <= 0.5 else 2) or chance is None:
        return Change(seen[0], seen[1], "too_few")
    return Change(seen[0], seen[1], _verdict(chance), chance)


def _verdict(chance: float) -> str:
    return "more_than_noise" if chance < rule("comparison.chance").value else "may_be_noise"


def spread(past: Sequence[int]) -> float:
    """How many times more the months vary than pure chance (at least 1); 1 where there are too few months to tell."""
    if len(past) < max(2, rule("comparison.months").value):
        return 1.0
    mean = sum(past) / len(past)
    variance = sum((one - mean) ** 2 for one in past) / (len(past) - 1)
    return max(1.0, variance / mean) if mean else 1.0


def two_counts(one: int, other: int, days: tuple[float, float], spread: float) -> float:
    """How often chance makes two counts over these days differ so: as Poisson, wider where months vary more."""
    whole, share = one + other, days[0] / (days[0] + days[1])
    if not whole:
        return 1.0
    if spread > 1.0 or whole > _MANY:
        gap = max(0.0, abs(one - whole * share) - 0.5)
        return chances.normal(gap / sqrt(spread * whole * share * (1 - share)))
    return chances.poisson((one, other), days)


def two_shares(hits: int, n: int, others: int, m: int) -> float:
    """How often chance makes two shares differ so."""
    return chances.of_pairs([(hits, n, others, m)])[0]


def holm(chances: Sequence[float]) -> list[float]:
    """The chances made larger for being asked together, so that all claims are right at once (Holm 1979)."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted, so_far = list(chances), 0.0
    for place, at in enumerate(order):
        so_far = max(so_far, min(1.0, (len(chances) - place) * chances[at]))
        adjusted[at] = so_far
    return adjusted


def together(changes: Sequence[Change]) -> list[Change]:
    """Changes of one table, judged together: with many rows, one of them is always unusual."""
    told = [at for at, change in enumerate(changes) if change.chance is not None]
    adjusted = dict(zip(told, holm([changes[at].chance or 0.0 for at in told]), strict=True))
    return [
        replace(change, chance=adjusted[at], verdict=_verdict(adjusted[at])) if at in adjusted else change
        for at, change in enumerate(changes)
    ]
