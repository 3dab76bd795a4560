"""No regular expression of the program takes longer than in proportion to the text: what was sent may be hostile."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import pytest

from services.flows.issue import place_words, similarity
from services.importing.reader import sheet_words
from services.rules import opening_hours
from services.words import privacy, stated_numbers
from tests import pattern_checks as checks
from tests.timing import cost

# Patterns that a function makes from words of the program's own data.
MADE: dict[str, Callable[[], Any]] = {
    "services/flows/issue/place_words.py:_words": lambda: (place_words._words().numbered, place_words._words().named),
    "services/flows/issue/similarity.py:_phrases": similarity._phrases,
    "services/importing/reader/sheet_words.py:_total": sheet_words._total,
    "services/rules/opening_hours.py:_pattern": opening_hours._pattern,
    "services/words/stated_numbers.py:_patterns": stated_numbers._patterns,
}
# Patterns put together where they are used, of a set of signs or a word taken literally.
LITERAL = {
    "services/importing/mapping/word_lists.py:digits",
    "services/importing/areas/matching.py:_made",
    "services/places/place_from_name.py:_check",
    "services/people/strength.py:check",
}
# Never shown to foreign text: a dump of our own server, the SQL of our own triggers, Streamlit's own page.
OWN = ("services/keep/", "ui/web/page.py")


@cache
def everything() -> dict[str, tuple[re.Pattern[str], bool]]:
    """Every pattern by where it stands, and whether a text is searched with it."""
    found, searched = {}, checks.searching()
    for module in checks.modules():
        path = f"{module.__name__.replace('.', '/')}.py"
        for name, value in vars(module).items():
            for at, pattern in enumerate(checks.held(value)):
                found[f"{path}:{name}:{at}"] = pattern, f"{path}:{name}" in searched
    for name, make in MADE.items():
        for at, pattern in enumerate(checks.held(make())):
            found[f"{name}:{at}"] = pattern, "place_words" in name or "similarity" in name
    for path, function, plain, search in checks.inline():
        if plain is not None and not path.startswith(OWN):
            found[f"{path}:{function}:{plain!r}"] = re.compile(plain), search
    return found


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_every_pattern_is_found() -> None:
    assert len(everything()) > 50
    made = {f"{path}:{function}" for path, function, plain, _ in checks.inline() if plain is None}
    assert {one for one in made if not one.startswith(OWN)} <= MADE.keys() | LITERAL


def test_no_pattern_can_cut_a_text_in_several_ways() -> None:
    found = {name: checks.risk(*one) for name, one in everything().items()}
    assert {name: told for name, told in found.items() if told} == {}


def _slowest(name: str, times: int) -> float:
    pattern, searched = everything()[name]

    def read(text: str) -> None:
        pattern.match(text)
        pattern.fullmatch(text)
        if searched:
            pattern.search(text)

    return max(cost(partial(read, text)) for text in checks.pumped(pattern, times))


def test_no_pattern_takes_long_over_a_text_that_nearly_matches() -> None:
    for name in everything():
        with at_most(20):
            for times in (40, 400, 8_000):
                assert _slowest(name, times) < 0.1, name


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [
        (r"\d{4}\s*(?:[T\s,]*\d)?\s*x?\s*Z", False),
        (r"(a+)+b", False),
        (r"(?:a|ab|b)*c", False),
        (r"\s*(?:Z|M)?\s*\(", False),
        (r"<[^>]+>", True),
        (r"\w+@\w+\.\w+", True),
    ],
)
def test_the_check_knows_what_is_slow(pattern: str, searched: bool) -> None:
    assert checks.risk(re.compile(pattern), searched)


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [(r"[+-]?\d+(?:\.\d+)?", False), (r"<[^<>]+>", True), (r"[\W_]+", True), (r"\{([^{}]+)\}", True)],
)
def test_the_check_knows_what_is_quick(pattern: str, searched: bool) -> None:
    assert not checks.risk(re.compile(pattern), searched)


def test_the_rule_for_personal_numbers_reads_any_text_once() -> None:
    with at_most(10):
        for unit in ("1", "13", "0731 ", "430103-", "\uff11", "\u4e00", "A", "\u6e58A"):
            assert cost(partial(privacy.masked, unit * (20_000 // len(unit))), tries=1) < 1.5
