"""Likeness: how probable it is that two reports are about one thing, and why; from words, place, days and category."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import exp, log, sqrt

from services.flows.issue import place_words
from services.flows.issue.category_model import boilerplate, pairs
from services.matters.search import runs
from services.places.distances import metres
from services.system.data_files import rows

# A pair that more than a seventh of the ledger holds says nothing; one that hardly any holds, not more than this.
_COMMON, _LIMIT = 0.15, 4.5
_UNKNOWN = 2.5
_SHOWN = 5


@dataclass(frozen=True)
class Report:
    """A report as it is compared: texts, category, place and time; ``id`` is none before it is handed in.

    ``sure`` is how probable the category is: 1 when somebody chose it, less when the words suggest it.
    """

    id: int | None
    words: str
    category: str | None
    path: str
    level: str
    lng: float | None
    lat: float | None
    at: datetime
    sure: float = 1.0


@dataclass(frozen=True)
class Why:
    """What speaks for two reports being one: metres and days between them, category, area, and the words they share."""

    score: float
    metres: float | None
    days: int
    same_category: bool
    same_area: bool
    words: tuple[str, ...]


@lru_cache
def _weights() -> dict[tuple[str, str], float]:
    return {(row["rule"], row["category"]): float(row["value"]) for row in rows("duplicate_rules.csv")}


@lru_cache
def _phrases() -> re.Pattern[str]:
    told = sorted((row["phrase"] for row in rows("boilerplate.csv")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, told)))


def told(*texts: str) -> str:
    """Texts without the phrases that every complaint holds."""
    return _phrases().sub(" ", "\n".join(texts))


def radius(category: str | None) -> float:
    """How many metres two reports of one thing of this category may lie apart."""
    return _weights().get(("radius", category or ""), _weights()["radius", ""])


def rarities(found: Iterable[str], shares: Mapping[str, float]) -> dict[str, float]:
    """How much each pair of characters weighs: the rarer in the ledger the more, phrases of every complaint nothing."""
    return {
        pair: 0.0
        if pair in boilerplate()
        else min(_LIMIT, max(0.0, log(_COMMON / shares[pair])))
        if pair in shares
        else _UNKNOWN
        for pair in found
    }


class Yardstick:
    """One report, against which any number of others is held."""

    def __init__(self, report: Report, shares: Mapping[str, float], names: frozenset[str] = frozenset()) -> None:
        self._report, self._names = report, names
        self._rarity = rarities(pairs(report.words), shares)
        for pair in names:
            if pair in self._rarity:
                self._rarity[pair] *= _weight("area_words")
        self._total = sum(self._rarity.values())
        self._marks = place_words.marks(report.words)

    def against(self, other: Report) -> Why | None:
        """How alike ``other`` is; none where both have a point and lie too far apart to be one thing."""
        apart = self._apart(other)
        if apart is not None and apart > max(radius(self._report.category), radius(other.category)):
            return None
        shared = [pair for pair in pairs(other.words) if self._rarity.get(pair, 0.0) > 0]
        days = abs((self._report.at - other.at).total_seconds()) / 86400
        logit = (
            _weight("base")
            + _weight("words") * self._alike(other, shared)
            + _weight("category") * self._same_kind(other)
            + _weight("spot") * place_words.agree(self._marks, place_words.marks(other.words))
            + self._near(other, apart)
            - _weight("month") * min(days / 30, 2)
        )
        same = self._report.category is not None and self._report.category == other.category
        score = 1 / (1 + exp(-logit))
        return Why(score, apart, round(days), same, self._report.path == other.path, self._words(set(shared)))

    def _apart(self, other: Report) -> float | None:
        one = self._report
        if one.lng is None or one.lat is None or other.lng is None or other.lat is None:
            return None
        return float(metres(one.lng, one.lat, other.lng, other.lat))

    def _alike(self, other: Report, shared: list[str]) -> float:
        """Shared weight against the weight of both, from 0 to 1."""
        weight = sum(self._rarity[pair] for pair in shared)
        rest = [pair for pair in pairs(other.words) if pair not in self._rarity and pair not in boilerplate()]
        whole = weight + _UNKNOWN * len(rest)
        return weight / sqrt(self._total * whole) if weight else 0.0

    def _same_kind(self, other: Report) -> float:
        if self._report.category is None or other.category is None:
            return 0.0
        sure = self._report.sure * other.sure
        return sure if self._report.category == other.category else -sure

    def _near(self, other: Report, apart: float | None) -> float:
        if apart is not None:
            return _weight("near") * (1 - apart / radius(other.category or self._report.category))
        one, two = self._report.path, other.path
        if one == two:
            return _weight("area") if other.level in ("estate", "building") else 0.0
        return 0.0 if one.startswith(two) or two.startswith(one) else -_weight("elsewhere")

    def _words(self, shared: set[str]) -> tuple[str, ...]:
        """The stretches of the report's own text made of shared pairs, the rarest first."""
        found: dict[str, float] = {}
        for run in runs(self._report.words):
            start: int | None = None
            for at in range(len(run)):
                if run[at : at + 2] in shared:
                    start = at if start is None else start
                elif start is not None:
                    word, start = run[start : at + 1], None
                    found[word] = sum(self._rarity[pair] for pair in pairs(word) if pair in self._rarity)
        return tuple(sorted(found, key=lambda word: -found[word])[:_SHOWN])


def _weight(name: str) -> float:
    return _weights()[name, ""]
