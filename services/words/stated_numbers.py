"""Numerals: a figure as officials write it, with the word that says how exact it is: over, about, nearly, at least.

The words are rows of data/numerals.csv. What is read is written again with the same word, on the screen and on paper.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.system import data_files
from services.system.errors import Refused
from services.words.i18n import listed, translate

_LONGEST = 24
# Bounded, so that no text can be cut into number, scale and unit in very many ways.
_PLAIN = r"\d{1,3}(?:,\d{3}){1,9}|\d{1,30}(?:\.\d{1,30})?"


@dataclass(frozen=True)
class Published:
    """A value with its qualifier, a code of data/numerals.csv, and the unit as it was written."""

    value: int
    qualifier: str
    unit: str

    def shown(self, language: str) -> str:
        """As a reader of ``language`` writes it; ``unit`` is taken as it is."""
        return written(self.value, self.qualifier, self.unit, language)


@lru_cache
def _rows(kind: str) -> tuple[dict[str, str], ...]:
    return tuple(row for row in data_files.rows("numerals.csv") if row["kind"] == kind)


def qualifiers() -> list[str]:
    """The codes of every qualifier, each once, in their order."""
    return list(dict.fromkeys(row["code"] for row in _rows("qualifier")))


def _manner(value: int, qualifier: str) -> dict[str, str]:
    fitting = [row for row in _rows("qualifier") if row["code"] == qualifier and int(row["from"]) <= value]
    return fitting[-1]


def written(value: int, qualifier: str, unit: str, language: str) -> str:
    """``value`` with its qualifier and unit, as a reader of ``language`` writes it: over 510,000 yuan."""
    chinese = language.startswith("zh")
    number = _scaled(value, qualifier) if chinese else f"{value:,}"
    return _manner(value, qualifier)["zh" if chinese else "en"].format(number=number, unit=unit)


def _scaled(value: int, qualifier: str) -> str:
    # Several tens are written in words; other numbers by ten thousands, where no digit beyond one decimal is lost.
    if _only_words(qualifier):
        return next((row["zh"] for row in (*_rows("tens"), *_rows("scale")) if int(row["code"]) == value), str(value))
    for row in reversed(_rows("scale")):
        scale = int(row["from"])
        if value >= scale and value * 10 % scale == 0:
            return f"{value / scale:g}{row['zh']}"
    return str(value)


def _only_words(qualifier: str) -> bool:
    # Nobody writes "several 10": a qualifier that counts tens stands right before the word.
    return _manner(0, qualifier)["en"].startswith("several")


def bears_out(value: int, qualifier: str, count: int) -> bool:
    """Whether ``count`` bears the figure out: equal, at least, below, or within some percent (about)."""
    compare = bound(value, qualifier)
    holds = {
        "equal": count == value,
        "at_least": count >= value,
        "below": count < value,
        "about": abs(count - value) * 100 <= int(_rule(compare)["from"] or 0) * value,
    }
    return holds[compare]


def rule(qualifier: str, language: str) -> str:
    """In words, which count bears out a figure with this qualifier."""
    told = _rule(_rows_of(qualifier)[-1]["compare"])
    return told["zh" if language.startswith("zh") else "en"].format(percent=told["from"])


def spoken(qualifier: str, language: str) -> str:
    """The qualifier as it stands in a figure, round three dots."""
    told = _rows_of(qualifier)[-1]["zh" if language.startswith("zh") else "en"]
    return told.format(number="…", unit="").strip()


def _rows_of(qualifier: str) -> list[dict[str, str]]:
    return [row for row in _rows("qualifier") if row["code"] == qualifier]


def _rule(compare: str) -> dict[str, str]:
    return next(row for row in _rows("compare") if row["code"] == compare)


def bound(value: int, qualifier: str) -> str:
    """What the figure is: equal, at_least, below or about."""
    return _manner(value, qualifier)["compare"]


def per(one: Published, other: Published, language: str) -> str:
    """So many of one for each of the other: 1.47 per meeting. A rate of two things, never a share of one.

    It is no more exact than its parts. Refused where both count the same, and where the divisor may be larger.
    """
    if one.unit == other.unit or not other.value:
        raise Refused(
            "Two published counts of {unit} make no share: nobody said that one is part of the other.", unit=one.unit
        )
    if bound(other.value, other.qualifier) not in ("equal", "about"):
        raise Refused("Nothing can be divided by {figure}: it may be more.", figure=other.shown(language))
    known = one.qualifier if other.qualifier == "=" else other.qualifier
    number = f"{int(one.value * 100 / other.value) / 100:g}"
    said = _manner(one.value, known)["zh" if language.startswith("zh") else "en"].format(number=number, unit=one.unit)
    return translate(language, listed("{figure} for each {unit}"), figure=said, unit=other.unit)


def read(text: str) -> Published:
    """A figure as it was published. Refused when no number stands in it, or it can't be told what it means."""
    said = "".join(text.split())
    for pattern, code in _patterns():
        if (found := pattern.fullmatch(said)) and len(found["number"]) <= _LONGEST:
            return Published(_number(found), code, found["unit"])
    raise Refused("{text} is no figure. Write a number with its unit, such as it was published.", text=text[:40])


@lru_cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for each way of writing, those with most words of their own first."""
    scales = "".join(row["zh"] for row in _rows("scale"))
    tens = "".join(row["zh"] for row in _rows("tens"))
    words = tens + "".join(row["zh"] for row in _rows("digit"))
    numbers = {
        True: f"(?P<number>[{tens}{scales}]{{1,8}})(?P<scale>)",
        False: f"(?P<number>{_PLAIN}|[{words}][{words}{scales}]{{0,24}})(?P<scale>[{scales}]{{0,8}})",
    }
    made = []
    for row in sorted(_rows("qualifier"), key=_literal, reverse=True):
        number = numbers[_only_words(row["code"])]
        pattern = re.escape(row["zh"]).replace(re.escape("{number}"), number)
        made.append((re.compile(pattern.replace(re.escape("{unit}"), r"(?P<unit>[^\d]{0,60}?)")), row["code"]))
    return tuple(made)


def _literal(row: dict[str, str]) -> tuple[int, int]:
    return len(row["zh"]), -int(row["from"] or 0) if row["code"] not in row["zh"] else 1


def _number(found: re.Match[str]) -> int:
    told, scale = found["number"].replace(",", ""), 1
    for sign in found["scale"]:
        scale *= next(int(row["code"]) for row in _rows("scale") if row["zh"] == sign)
    value = float(told) if told[:1].isdigit() and told.isascii() else _in_words(told)
    return round(value * scale)


def _in_words(told: str) -> int:
    whole, part, digit = 0, 0, 0
    for kind, value in _signs(told):
        if kind == "digit":
            digit = value
        elif kind == "tens":
            part, digit = part + max(1, digit) * value, 0
        else:
            whole, part, digit = whole + max(1, part + digit) * value, 0, 0
    return whole + part + digit


def _signs(told: str) -> Iterator[tuple[str, int]]:
    for sign in told:
        for kind in ("digit", "tens", "scale"):
            yield from ((kind, int(row["code"])) for row in _rows(kind) if sign in row["zh"])
