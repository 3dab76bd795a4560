"""Word lists: what other offices call our states, sources, kinds and answers. Data: data/imports/words.csv."""

import re
import unicodedata
from functools import lru_cache

from services.importing.mapping import kinds
from services.system import data_files
from services.words import vocabulary

_SIGNS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """``text`` without case, width, blanks and punctuation: how two spellings of one word are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SIGNS.sub("", plain) or plain.strip()


@lru_cache
def meanings(name: str) -> dict[str, str]:
    """The code of each known word, folded: first the lists, then our own terms, which win, and the codes."""
    found = {folded(row["word"]): row["code"] for row in data_files.rows("imports/words.csv") if row["kind"] == name}
    for code in kinds.codes(name):
        found |= {folded(vocabulary.term(name, code, language)): code for language in vocabulary.LANGUAGES}
        found[folded(code)] = code
    return found


@lru_cache
def listing(name: str) -> tuple[str, ...]:
    """The words of a list that have no codes, as they are written: ``nothing``, ``serial``, ``personal``."""
    return tuple(row["word"] for row in data_files.rows("imports/words.csv") if row["kind"] == name)


@lru_cache
def endings() -> dict[str, str]:
    """The level of area that a name with this ending usually has."""
    return {row["word"]: row["code"] for row in data_files.rows("imports/words.csv") if row["kind"] == "level_ending"}


def digits(text: str) -> str:
    """``text`` with the numbers it spells out written in digits: how two ways of counting are compared."""
    known = _numerals()
    return re.sub(f"[{''.join(known)}]+", lambda found: _written(found[0], known), text)


@lru_cache
def _numerals() -> dict[str, str]:
    return {row["word"]: row["code"] for row in data_files.rows("imports/words.csv") if row["kind"] == "numeral"}


def _written(spelled: str, known: dict[str, str]) -> str:
    ten = next(sign for sign, value in known.items() if value == "10")
    if spelled.count(ten) != 1:
        return "".join(known[sign] for sign in spelled)
    before, _, after = ("".join(known[sign] for sign in part) for part in spelled.partition(ten))
    return str(10 * int(before or 1) + int(after or 0))
