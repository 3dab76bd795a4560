"""Plain signs: a text as whoever reads it reads it, whatever signs it is written with, sign by sign."""

import re
import unicodedata
from functools import lru_cache

_SPELLED = {sign: str(at) for at, sign in enumerate("\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d")}
_SPELLED |= {"\u3007": "0", "\u5e7a": "1", "\u4e24": "2"}
# As they stand on a bill, in either script.
_ON_BILLS = "\u58f9\u8d30\u53c1\u8086\u4f0d\u9646\u67d2\u634c\u7396"
_SPELLED |= {sign: str(at) for at, sign in enumerate(_ON_BILLS, 1)}
_SPELLED |= {"\u8cb3": "2", "\u53c3": "3", "\u9678": "6", "\u5169": "2"}
SPELLED = "".join(_SPELLED)
_SPELLED_OUT = re.compile(f"[0-9{SPELLED}][0-9{SPELLED} \\-._\u00b7]{{6,}}")
_BETWEEN = frozenset(" -._\u00b7")
# Fewer in a row are words, such as "the third building".
_FEWEST = 7
_DIGITS = str.maketrans(_SPELLED)


def plain(text: str) -> tuple[str, list[int]]:
    """The text in plain signs, and for each of them where it stands in ``text``.

    Half width for full width, 0 to 9 for the digits of any script and spelled-out Chinese ones, a blank and a hyphen
    for any of their kind; without the signs that nobody sees.
    """
    signs = [(sign, at) for at, raw in enumerate(text) for sign in _plain(raw)]
    told = "".join(sign for sign, _ in signs)
    return _SPELLED_OUT.sub(_in_digits, told), [at for _, at in signs]


def _in_digits(found: re.Match[str]) -> str:
    said = found[0]
    return said.translate(_DIGITS) if sum(sign not in _BETWEEN for sign in said) >= _FEWEST else said


@lru_cache(maxsize=8192)
def _plain(raw: str) -> str:
    return "".join(map(_one, unicodedata.normalize("NFKC", raw)))


def _one(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    return "-" if kind == "Pd" or sign in "\u2212\u30fc" else " " if sign.isspace() else sign
