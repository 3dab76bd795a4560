"""Strength: a password is refused that could be guessed from what everybody knows, or knows about this person.

zxcvbn says how many guesses it takes. What it doesn't know is asked besides: words of the person and the place, with
signs strewn in; pinyin; and what is left of a password without known words, years, runs and paths of the keyboard.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from services.system.data_files import rows
from services.system.errors import Refused
from services.system.guessing import pinyin
from services.words.i18n import listed

LENGTH, _LONGEST = 10, 200
# Every piece is compared with every other; who is strong so far stays strong.
_LOOKED_AT = 64
# Powers of ten. Without its signs only a word is judged: letters by chance are as many guesses as they are.
_GUESSES, _BARE_GUESSES, _WORD = 9.5, 8.5, 4
_LEFT, _SYLLABLES, _DIGITS = 8, 4, 4
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_SIGNS = re.compile(r"[\W_]")
_NUMBERS = re.compile(r"1[3-9]\d{9}|(?:19|20)\d\d(?:[01]\d[0-3]\d)?|(.)\1\1")
_READINGS: tuple[dict[int, int], ...] = (
    {},
    str.maketrans("@$", "as"),
    str.maketrans("@$!0135", "asioies"),
    str.maketrans("!@#$%^&*()", "1234567890"),
)
_REASONS = {
    "personal": listed(
        "That password holds a name that belongs to you or to your place. Take it out: four words that have nothing"
        " to do with each other, or with you, make a good password."
    ),
    "dictionary": listed(
        "That password is mostly a word or name that everybody knows. Take four words that have nothing to do with"
        " each other, or twelve letters, digits and signs by chance."
    ),
    "spatial": listed(
        "That password is mostly a path across the keyboard. Take four words that have nothing to do with each other,"
        " or twelve letters, digits and signs by chance."
    ),
    "repeat": listed(
        "That password mostly repeats itself or counts on. Take four words that have nothing to do with each other,"
        " or twelve letters, digits and signs by chance."
    ),
    "date": listed(
        "That password is mostly a year, a date or a telephone number. Take four words that have nothing to do with"
        " each other, or twelve letters, digits and signs by chance."
    ),
    "bruteforce": listed(
        "That password is easy to guess. Make it longer: add two more words that have nothing to do with the others."
    ),
}
_SAME = {"sequence": "repeat", "regex": "date"}


def check(password: str, words: Iterable[str] = ()) -> None:
    """Raise Refused, with what to do better, unless ``password`` is long, mixed and hard to guess.

    ``words`` are those that others would try first for this person.
    """
    if not LENGTH <= len(password) <= _LONGEST:
        raise Refused("Choose a password of at least {length} characters.", length=LENGTH)
    told = unicodedata.normalize("NFKC", password)
    if sum(bool(re.search(kind, told)) for kind in _CLASSES) < 3:
        raise Refused("Mix at least three of these in the password: small letters, capital letters, digits, signs.")
    own = frozenset(word.casefold() for word in words)
    reason = _guessed(told[:_LOOKED_AT], own) or _worn(told[:_LOOKED_AT].casefold(), own)
    if reason:
        raise Refused(_REASONS[reason])


def _guessed(told: str, own: frozenset[str]) -> str:
    """Why too few guesses are needed; empty when there are enough."""
    whole, bare = (_weighed(text, own) for text in (told, _SIGNS.sub("", told)))
    if whole["guesses_log10"] < _GUESSES:
        return _reason(whole, own)
    word = any(part["pattern"] == "dictionary" and len(part["token"]) >= _WORD for part in bare["sequence"])
    return _reason(bare, own) if word and bare["guesses_log10"] < _BARE_GUESSES else ""


def _weighed(text: str, own: frozenset[str]) -> dict[str, Any]:
    # Its lists of words take room in memory: only who sets a password pays.
    from zxcvbn import zxcvbn

    return dict(zxcvbn(text, user_inputs=sorted(own | _known())))


def _reason(weighed: dict[str, Any], own: frozenset[str]) -> str:
    parts = [part for part in weighed["sequence"] if part["pattern"] != "bruteforce"]
    if any(part.get("matched_word") in own for part in parts):
        return "personal"
    longest = max(parts, key=lambda part: len(part["token"]), default=None)
    if longest is None or sum(len(part["token"]) for part in parts) * 2 < len(weighed["password"]):
        return "bruteforce"
    kind = str(longest["pattern"])
    return _SAME.get(kind, kind)


def _worn(told: str, own: frozenset[str]) -> str:
    """Why too little is left of the password without what is known; empty when enough is."""
    texts = [text.translate(reading) for text in (told, _SIGNS.sub("", told)) for reading in _READINGS]
    # Taking a word out may leave of pinyin what is none: xian in xiangjiang.
    if not any(_little(text, words) for text in texts for words in (own | _known(), frozenset[str]())):
        return ""
    return "personal" if any(word in text for text in texts for word in own if len(word) >= _WORD - 1) else "dictionary"


def _little(text: str, words: frozenset[str]) -> bool:
    left = _SIGNS.sub("", _NUMBERS.sub("", _without(_NUMBERS.sub("", text), words)))
    return len(left) < _LEFT or _spoken(left)


def _without(text: str, words: frozenset[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ") if len(word) >= _WORD - 1 else text
    return text


def _spoken(left: str) -> bool:
    """Whether it is a name or a word in pinyin with a few digits."""
    letters = re.sub(r"\d", "", left)
    return len(left) - len(letters) <= _DIGITS and letters.isascii() and pinyin.fewest(letters) <= _SYLLABLES


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(row["word"] for row in rows("weak_words.csv"))
