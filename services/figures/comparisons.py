"""Comparisons: whether a change between two periods is more than noise. Never a bare difference.

Shares by Fisher's exact test where cases are few, else by chi-square with continuity; counts by how much the months
here vary, else as Poisson; durations by log-rank. Which chance still counts as noise is a rule, not a law.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import erfc, exp, lgamma, log, sqrt

from services.figures.kept_counts import Count
from services.figures.survival import Times, log_rank
from services.rules.rules import rule

_FEW = 5


@dataclass(frozen=True)
class Change:
    """From ``before`` to ``now``. ``verdict``: more_than_noise, may_be_noise, too_few, or no_cases.

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
        return Change(now.value, before.value, "no_cases")
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
    """How often chance makes two counts over these days differ so: exact for Poisson, wider where months vary more."""
    whole, share = one + other, days[0] / (days[0] + days[1])
    if spread > 1.0 or whole > 2000:
        gap = max(0.0, abs(one - whole * share) - 0.5)
        return erfc(gap / sqrt(2 * spread * whole * share * (1 - share))) if whole else 1.0
    logs = [_choose(whole, k) + _times(k, share) + _times(whole - k, 1 - share) for k in range(whole + 1)]
    return _as_rare(logs, one)


def two_shares(hits: int, n: int, others: int, m: int) -> float:
    """How often chance makes two shares differ so: Fisher's exact test for few cases, else chi-square (Yates)."""
    whole, all_hits = n + m, hits + others
    if all_hits in (0, whole):
        return 1.0
    least = min(n, m) * min(all_hits, whole - all_hits) / whole
    return _fisher(hits, n, all_hits, whole) if least < _FEW else _chi_square(hits, n, all_hits, whole)


def _chi_square(hits: int, n: int, all_hits: int, whole: int) -> float:
    m, rest = whole - n, whole - all_hits
    gap = max(0.0, abs(hits * (m - all_hits + hits) - (n - hits) * (all_hits - hits)) - whole / 2)
    return erfc(sqrt(gap * gap * whole / (n * m * all_hits * rest) / 2))


def _fisher(hits: int, n: int, all_hits: int, whole: int) -> float:
    first, last = max(0, n + all_hits - whole), min(n, all_hits)
    logs = [_choose(all_hits, k) + _choose(whole - all_hits, n - k) - _choose(whole, n) for k in range(first, last + 1)]
    return _as_rare(logs, hits - first)


def _as_rare(logs: Sequence[float], seen: int) -> float:
    """The chance of everything at most as likely as what was seen."""
    return min(1.0, sum(exp(one) for one in logs if one <= logs[seen] + 1e-7))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _times(k: int, share: float) -> float:
    return k * log(share) if k else 0.0


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
