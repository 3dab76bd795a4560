"""Keys: whether a key was made by chance. One that somebody thought of has its secrets where words have none.

How many tries a guesser needs says little of it: three words and a year are many tries for who goes by letters, and few
for who goes by words. So what counts are the signs that nothing explains.
"""

import hashlib
import re

from services.system.guessing import pinyin

# Sixteen bytes by chance are 32 signs of hexadecimal, or 22 letters and digits.
_SHORTEST, _UNEXPLAINED, _KINDS = 32, 18, 10
# zxcvbn looks at no more at once.
_LOOKED_AT = 72
_HEXADECIMAL = re.compile(r"[0-9a-f]{32,128}")
_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_ENDS = ("", "\n")
_NAME = 6


def by_chance(key: str) -> bool:
    """Whether nobody who knows words, rows of keys, and how people repeat themselves would come upon ``key``."""
    if len(key) < _SHORTEST or len(set(key)) < _KINDS or key.isdecimal() or key.isalpha():
        return False
    # Hexadecimal spells few words, and half of what it spells is chance.
    least = _UNEXPLAINED // 2 if _HEXADECIMAL.fullmatch(key.lower()) else _UNEXPLAINED
    parts = (key[:_LOOKED_AT], key[-_LOOKED_AT:])
    enough = all(_unexplained(part) >= least and not _shuffled(part, least // 4) for part in parts)
    return enough and not _of_a_word(key.lower())


def _shuffled(part: str, least: int) -> bool:
    """Whether two rows were shuffled into one, a1b2c3: every second sign alone explains itself, and so do the rest."""
    return all(_unexplained(part[at::2]) < least for at in (0, 1))


def _unexplained(part: str) -> int:
    """How many letters and digits of a part of a key belong to no word, no syllables, no row of keys and no run."""
    # Its dictionaries take a third of a second to load: only where a key is judged.
    from zxcvbn import zxcvbn

    left = " ".join(found["token"] for found in zxcvbn(part)["sequence"] if str(found["pattern"]) == "bruteforce")
    return sum(len(run) - _read(run) for run in re.findall(r"[A-Za-z]+|\d+", left))


def _read(run: str) -> int:
    """How many letters of a run are read as pinyin, from wherever most of them are: few are so by chance."""
    letters = run.lower()
    found = max(pinyin.longest(letters[at:]) for at in range(len(letters)))
    return found if found >= _NAME else 0


def _of_a_word(key: str) -> bool:
    """Whether the key is the digest of nothing, or of a password that everybody knows."""
    from zxcvbn.matching import RANKED_DICTIONARIES

    if not _HEXADECIMAL.fullmatch(key):
        return False
    made = [name for name in _DIGESTS if hashlib.new(name).digest_size * 2 == len(key)]
    words = ("", *RANKED_DICTIONARIES["passwords"]) if made else ()
    return any(
        hashlib.new(name, f"{word}{end}".encode()).hexdigest() == key
        for name in made
        for word in words
        for end in _ENDS
    )
