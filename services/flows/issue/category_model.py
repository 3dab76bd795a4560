"""The category model: naive Bayes over pairs of characters, beginning with seed words and taught by what is filed.

A category is a heap of matters; for each pair of characters it is known in how many of them the pair occurs. The seed
words of ``data/category_words.csv`` count as a few imaginary matters, so real ones soon outweigh them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.matters.search import runs
from services.system.data_files import rows

Counts = Mapping[tuple[str, str], int]
# How many matters the seed words of a category are worth, and how strongly every category resembles the average.
_SEEDED, _AVERAGE = 12.0, 4.0
# The share of the imaginary matters that hold a seed word, by its weight; and how common an unknown pair is.
_HELD, _RARE = {3: 0.3, 2: 0.15, 1: 0.06}, 0.01
# Neighbouring pairs say nearly the same, and words that go together too: their evidence counts for less.
_DAMPING, _ECHO = 0.5, 0.5
READ_PAIRS, _TOLD = 120, 0.9
ALL = ""


@dataclass(frozen=True)
class Suggestion:
    """A category with how probable it is (0 to 1), and the words of the text that led to it, strongest first."""

    code: str
    share: float
    words: tuple[str, ...]


def pairs(words: str) -> list[str]:
    """The distinct pairs of characters that are looked at, in the order they are written."""
    return pairs_of(runs(words))


def pairs_of(found: list[str]) -> list[str]:
    """The same of a text that is told as its runs."""
    return list(dict.fromkeys([run[at : at + 2] for run in found for at in range(len(run) - 1)]))[:READ_PAIRS]


@lru_cache
def boilerplate() -> frozenset[str]:
    """The pairs of the phrases that every complaint holds, whatever it is about."""
    return frozenset(pair for row in rows("boilerplate.csv") for pair in pairs(row["phrase"]))


@lru_cache
def seeds() -> dict[str, dict[str, float]]:
    """For each pair of a seed word, the share of each category's imaginary matters that hold it."""
    found: dict[str, dict[str, float]] = {}
    for row in rows("category_words.csv"):
        for word in row["words"].split():
            for pair in set(pairs(word)) - boilerplate():
                shares = found.setdefault(pair, {})
                shares[row["code"]] = max(shares.get(row["code"], 0.0), _HELD[int(row["weight"])])
    return found


def suggest(words: str, counts: Counts, codes: Sequence[str], seeded: bool = True) -> list[Suggestion]:
    """The ``codes`` by how probable they are for the text; nothing when it holds no pair that says anything.

    ``counts`` holds for (pair, code) how many filed matters hold the pair, and for (``ALL``, code) how many there are.
    """
    held = _Held(pairs(words), counts, codes, seeded)
    if not held.known.any():
        return []
    evidence = held.evidence()
    scores = held.prior() + _DAMPING * held.fresh() @ evidence
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")[:3]
    return [Suggestion(codes[at], float(shares[at]), _told(words, held.pairs, evidence[:, at])) for at in order]


class _Held:
    """In how many matters of each category each pair occurs, real and imaginary ones together."""

    def __init__(self, found: list[str], counts: Counts, codes: Sequence[str], seeded: bool) -> None:
        known = seeds() if seeded else {}
        filed = np.array([counts.get((ALL, code), 0) for code in codes], dtype=float)
        own = np.array([[known.get(pair, {}).get(code, 0.0) for code in codes] for pair in found]).reshape(
            -1, len(codes)
        )
        real = np.array([[counts.get((pair, code), 0) for code in codes] for pair in found], dtype=float)
        self.pairs, self._n = found, filed + _SEEDED
        self._k = real.reshape(-1, len(codes)) + _SEEDED * own
        self.known = self._k.sum(axis=1) > 0

    def fresh(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """How much of what each pair says is new: the second half of a word echoes the first."""
        echo = [at > 0 and self.known[at - 1] and one[0] == self.pairs[at - 1][-1] for at, one in enumerate(self.pairs)]
        return np.where(echo, _ECHO, 1.0)

    def prior(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """How common each category is, as a logarithm."""
        return np.asarray(np.log(self._n / self._n.sum()))

    def evidence(self) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        """What each pair says for each category: the logarithm of how much more common it is there than on average."""
        usual = np.maximum(self._k.sum(axis=1, keepdims=True) / self._n.sum(), _RARE / (1 + self._n.sum() / 1000))
        there = (self._k + _AVERAGE * usual) / (self._n + _AVERAGE)
        return np.asarray(np.log(there / usual) * self.known[:, None])


def _told(words: str, found: list[str], evidence: Iterable[float]) -> tuple[str, ...]:
    said = dict(zip(found, map(float, evidence), strict=True))
    least = max(_TOLD, max(said.values()) / 2)
    weights = {pair: weight for pair, weight in said.items() if weight > least}
    told: dict[str, float] = {}
    for run in runs(words):
        start = None
        for at in range(len(run)):
            if run[at : at + 2] in weights:
                start = at if start is None else start
            elif start is not None:
                word = run[start : at + 1]
                told[word] = max(weights[word[i : i + 2]] for i in range(len(word) - 1))
                start = None
    return tuple(sorted(told, key=lambda word: -told[word])[:4])
