"""Meanings: what a longer name shows by a word inside it, and what a word is nearest to."""

import difflib

from services.importing.mapping.word_lists import folded

# A longer text is no word, and comparing two texts takes the square of their lengths.
_LONGEST = 200


def held(text: str, known: dict[str, str], share: float = 0.0) -> str:
    """The meaning of the longest known word inside ``text``; of two as long the last, where Chinese names say what.

    It must be ``share`` of the text at least.
    """
    whole = folded(text)
    parts = [part for part in known if part in whole and _telling(part) and len(part) >= share * len(whole)]
    inside = [(len(part), whole.rfind(part), part) for part in parts]
    return known[max(inside)[2]] if inside else ""


def nearest(word: str, known: dict[str, str], share: float) -> str:
    """The meaning of the known word most like ``word``, if it is alike by ``share`` at least; else nothing."""
    if len(word) > _LONGEST:
        return ""
    found = difflib.get_close_matches(folded(word), known, n=1, cutoff=share)
    return known[found[0]] if found else ""


def _telling(part: str) -> bool:
    return len(part) >= 4 if part.isascii() else len(part) >= 2
