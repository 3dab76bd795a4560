"""Pinyin: whether letters can be read as syllables of Chinese."""

import unicodedata
from functools import cache


def fewest(letters: str) -> int:
    """The fewest syllables of pinyin that make up ``letters``; more than there are letters when none do."""
    found = [0]
    for end in range(1, len(letters) + 1):
        known = (found[at] + 1 for at in range(max(0, end - 6), end) if letters[at:end] in _syllables())
        found.append(min(known, default=len(letters) + 1))
    return found[-1]


def longest(letters: str) -> int:
    """How many of the first of ``letters`` can be read as syllables at most."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(at in reached and letters[at:end] in _syllables() for at in range(max(0, end - 6), end)):
            reached.add(end)
    return max(reached)


@cache
def _syllables() -> frozenset[str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(_plain(one) for readings in pinyin_dict.values() for one in readings.split(","))


def _plain(syllable: str) -> str:
    apart = unicodedata.normalize("NFD", syllable)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("ü", "v")
