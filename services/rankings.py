"""Fair ranking: areas compared by a share so that a small number of cases can't win or lose by luck.

Shares are pulled towards the common share by as much as their cases are few (empirical Bayes), carry a Wilson 95 %
interval, and an area whose interval holds the common share is "no different". Below the minimum n none is ranked.
"""

from dataclasses import dataclass
from math import sqrt

from models.area import Area
from services.indicators import Count
from services.rules import rule

_Z = 1.959964


@dataclass(frozen=True)
class Ranked:
    """One area's place. ``verdict``: better, worse, same, too_few or no_cases. Shares are between 0 and 1."""

    area: Area
    count: Count
    share: float | None
    fair: float | None
    low: float | None
    high: float | None
    verdict: str


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson 95 % interval of ``hits`` in ``n`` (n > 0)."""
    share, square = hits / n, _Z * _Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


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


def ranked(counted: list[tuple[Area, Count]]) -> list[Ranked]:
    """Areas, best first, those too small to rank last. Equal fair shares keep the order of the codes."""
    counts = [count for _, count in counted]
    whole = sum(count.denominator or 0 for count in counts)
    common = sum(count.numerator for count in counts) / whole if whole else 0.0
    weight = strength(counts)
    placed = [_place(area, count, common, weight) for area, count in counted]
    return sorted(placed, key=lambda row: (row.verdict in ("too_few", "no_cases"), -(row.fair or 0)))


def _place(area: Area, count: Count, common: float, weight: float) -> Ranked:
    n = count.denominator or 0
    if not n:
        return Ranked(area, count, None, None, None, None, "no_cases")
    low, high = wilson(count.numerator, n)
    fair = (count.numerator + weight * common) / (n + weight)
    verdict = "too_few" if n < rule("ranking.minimum").value else _verdict(low, high, common)
    return Ranked(area, count, count.value, fair, low, high, verdict)


def _verdict(low: float, high: float, common: float) -> str:
    return "better" if low > common else "worse" if high < common else "same"
