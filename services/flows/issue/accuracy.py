"""Accuracy: how often the category model is right on records it has not seen, and how much of that is a leak."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from services.flows.issue import category_model
from services.flows.issue.category_model import ALL, Suggestion

FOLDS = 5
_SEED = 20181201


@dataclass(frozen=True)
class Sample:
    """One filed record: its text and the category it was filed under."""

    text: str
    code: str


@dataclass(frozen=True)
class Report:
    """What a trial came to. Shares are 0 to 1; ``seen`` is the share of the texts that stood in the training part.

    ``worst`` holds the (class, how many, how many right, taken for) of the classes that are missed most.
    """

    n: int
    accuracy: float
    macro_f1: float
    top_three: float
    unsure: float
    sure_accuracy: float
    baseline: float
    seen: float
    worst: tuple[tuple[str, int, int, str], ...]


def by_time(samples: Sequence[Sample], threshold: float) -> Report:
    """Train on the first four fifths, measure on the last; ``samples`` in the order they happened."""
    cut = len(samples) * (FOLDS - 1) // FOLDS
    return _report([(samples[:cut], samples[cut:])], threshold)


def by_fold(samples: Sequence[Sample], threshold: float) -> Report:
    """Each fifth, drawn by lot, measured by what the other four teach."""
    return _report(_folds(samples, [str(at) for at in range(len(samples))]), threshold)


def by_wording(samples: Sequence[Sample], threshold: float) -> Report:
    """As ``by_fold``, but all records of one wording fall into the same fifth: no text was seen before."""
    return _report(_folds(samples, [sample.text for sample in samples]), threshold)


def determined(samples: Sequence[Sample]) -> float:
    """How often the text alone, looked up, gives the category: at 1 the text is another name of the category."""
    by_text: dict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        by_text[sample.text][sample.code] += 1
    return sum(counts.most_common(1)[0][1] for counts in by_text.values()) / max(1, len(samples))


def _folds(samples: Sequence[Sample], groups: Sequence[str]) -> Iterator[tuple[list[Sample], list[Sample]]]:
    names = sorted(set(groups))
    Random(_SEED).shuffle(names)
    fold = {name: at % FOLDS for at, name in enumerate(names)}
    for part in range(FOLDS):
        inside = [fold[group] == part for group in groups]
        yield (
            [sample for sample, tested in zip(samples, inside, strict=True) if not tested],
            [sample for sample, tested in zip(samples, inside, strict=True) if tested],
        )


def _counts(samples: Sequence[Sample]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for (words, code), n in Counter((sample.text, sample.code) for sample in samples).items():
        counts[ALL, code] += n
        for pair in category_model.pairs(words):
            counts[pair, code] += n
    return counts


Trial = tuple[str, list[Suggestion], bool, bool]


def _trials(
    parts: Iterator[tuple[Sequence[Sample], Sequence[Sample]]] | list[tuple[Sequence[Sample], Sequence[Sample]]],
) -> Iterator[Trial]:
    for taught, tested in parts:
        counts, codes = _counts(taught), sorted({sample.code for sample in taught})
        common = Counter(sample.code for sample in taught).most_common(1)[0][0]
        known, answers = {sample.text for sample in taught}, {}
        for sample in tested:
            if sample.text not in answers:
                answers[sample.text] = category_model.suggest(sample.text, counts, codes, seeded=False)
            yield sample.code, answers[sample.text], sample.code == common, sample.text in known


def _report(
    parts: Iterator[tuple[Sequence[Sample], Sequence[Sample]]] | list[tuple[Sequence[Sample], Sequence[Sample]]],
    threshold: float,
) -> Report:
    trials = list(_trials(parts))
    pairs = Counter((code, found[0].code if found else "") for code, found, _, _ in trials)
    sure = [(code, found) for code, found, _, _ in trials if found and found[0].share >= threshold]
    return Report(
        n=len(trials),
        accuracy=_share(code == guess for (code, guess), n in pairs.items() for _ in range(n)),
        macro_f1=_macro_f1(pairs),
        top_three=_share(code in [one.code for one in found] for code, found, _, _ in trials),
        unsure=1 - len(sure) / max(1, len(trials)),
        sure_accuracy=_share(code == found[0].code for code, found in sure),
        baseline=_share(common for _, _, common, _ in trials),
        seen=_share(seen for *_, seen in trials),
        worst=_worst(pairs),
    )


def _share(hits: Iterator[bool]) -> float:
    counted = Counter(hits)
    return counted[True] / max(1, counted.total())


def _macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    """The mean over the classes that occur of 2·right / (were + taken for)."""
    were, taken = Counter[str](), Counter[str]()
    for (code, guess), n in pairs.items():
        were[code] += n
        taken[guess] += n
    return sum(2 * pairs[code, code] / (were[code] + taken[code]) for code in were) / max(1, len(were))


def _worst(pairs: Counter[tuple[str, str]], shown: int = 6) -> tuple[tuple[str, int, int, str], ...]:
    missed: dict[str, Counter[str]] = defaultdict(Counter)
    were = Counter[str]()
    for (code, guess), n in pairs.items():
        were[code] += n
        if code != guess:
            missed[code][guess] += n
    order = sorted(missed, key=lambda code: -missed[code].total())[:shown]
    return tuple((code, were[code], pairs[code, code], missed[code].most_common(1)[0][0]) for code in order)
