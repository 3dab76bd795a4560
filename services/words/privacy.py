"""Privacy: find personal numbers in free text: identity, telephone and vehicle numbers, however they are written.

Every exit and the warning at typing ask this one rule. A text is read in plain signs (``plain_signs``); then runs of
digits are sought, which blanks, hyphens, dots and brackets may part, and neighbouring parts are put together until
they are a number of some kind. Numbers of the office, which everybody may call, stand in ``data/hotlines.csv``.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from services.words import local_files
from services.words.plain_signs import SPELLED, plain

HIDDEN = "***"
# Whatever may be a digit: cheaper to count than to read the text sign by sign.
_MAYBE = re.compile(rf"[\d{SPELLED}\u2070-\u2089\u00b2\u00b3\u00b9\u2460-\u24ff]")
_FEWEST = 7
_RUN = re.compile(r"\+?\(?\d(?:[ \-._()\u00b7\u2022]{0,3}\d){6,79}(?:[ \-]?[Xx](?![A-Za-z0-9]))?")
_PART = re.compile(r"\d+[Xx]?|[Xx]")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z][\u00b7\u2022. ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9](?![A-Za-z0-9])")
_CALL = re.compile(r"(?:\u7535\u8bdd|\u5ea7\u673a|\u624b\u673a|[Tt][Ee][Ll]|[Pp][Hh][Oo][Nn][Ee])[^0-9]{0,8}$")
_MOBILE = re.compile(r"(?:0|86|0086)?1[3-9]\d{9}")
_LAND_LINE = re.compile(r"(?:0|0086|\+86)(?:(?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8})")
_ABROAD = re.compile(r"\+\d{8,15}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_LONGEST = 18


class Found(NamedTuple):
    """A personal number: its kind, and from where to before where it stands."""

    kind: str
    start: int
    end: int


def numbers(text: str) -> list[Found]:
    """The personal numbers in a text, in their order."""
    if len(text) < _FEWEST:
        return []
    told, at = plain(text) if len(_MAYBE.findall(text)) >= _FEWEST - 2 else (text, list(range(len(text))))
    found = [*_called(told), *(Found("plate", *one.span()) for one in _PLATE.finditer(told))]
    return sorted((Found(one.kind, at[one.start], at[one.end - 1] + 1) for one in found), key=lambda one: one.start)


def _called(told: str) -> Iterator[Found]:
    for run in _RUN.finditer(told):
        parts = [(part[0], run.start() + part.start(), run.start() + part.end()) for part in _PART.finditer(run[0])]
        first = 0
        while first < len(parts):
            last, kind = _longest(told, run, parts, first)
            if kind:
                yield Found(kind, run.start() if first == 0 else parts[first][1], parts[last][2])
            first = last + 1 if kind else first + 1


def _longest(told: str, run: re.Match[str], parts: list[tuple[str, int, int]], first: int) -> tuple[int, str]:
    """The last of the parts that, from ``first`` on, make the longest number, and its kind; none where none do."""
    best, whole = (first, ""), "+" if first == 0 and run[0].startswith("+") else ""
    for last in range(first, len(parts)):
        whole += parts[last][0]
        if len(whole) > _LONGEST:
            break
        between = told[parts[first][1] : parts[last][2]]
        if kind := _kind(whole, between, told[max(0, parts[first][1] - 14) : parts[first][1]]):
            best = last, kind
    return best


def _kind(whole: str, written: str, before: str) -> str:
    if _is_identity(whole):
        return "identity"
    if whole.lstrip("+") in _hotlines() or not _is_one(written):
        return ""
    if _MOBILE.fullmatch(whole.removeprefix("+")) or _LAND_LINE.fullmatch(whole) or _ABROAD.fullmatch(whole):
        return "telephone"
    local = _LOCAL.fullmatch(whole) and not _day(whole) and _CALL.search(before.rstrip("("))
    return "telephone" if local else ""


def _is_identity(whole: str) -> bool:
    if len(whole) not in (15, 18) or not whole[:-1].isdigit() or not _REGION.match(whole):
        return False
    return _day(whole[6:14]) if len(whole) == 18 else whole.isdigit() and _day(f"19{whole[6:12]}")


def _day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def _is_one(written: str) -> bool:
    """Whether the parts look like those of one number: few, or digit by digit; not a date beside a sum."""
    sizes = [len(part) for part in _PART.findall(written)]
    decimal = len(sizes) == 2 and "." in written
    return not decimal and (max(sizes) <= 2 or (len(sizes) <= 5 and min(sizes) > 1))


@lru_cache(maxsize=4)
def _known(_stamp: local_files.Stamp) -> frozenset[str]:
    read = local_files.read("hotlines.csv", ("number",), lambda: lambda row: row["number"])
    return frozenset("".join(sign for sign in plain(one)[0] if sign.isdigit()) for one in read.rows)


def _hotlines() -> frozenset[str]:
    return _known(local_files.stamp())


def masked(text: str) -> str:
    """``text`` with identity and telephone numbers behind asterisks; a plate may be what a matter is about."""
    # Nearly every text of a ledger has fewer digits than any such number.
    few = len(text) < _FEWEST or len(_MAYBE.findall(text)) < _FEWEST
    return text if few else _without(text, ("identity", "telephone"))


def for_public(text: str) -> str:
    """``text`` as the public reads it: every personal number behind asterisks."""
    return _without(text, ("identity", "telephone", "plate"))


def _without(text: str, kinds: tuple[str, ...]) -> str:
    told, at = [], 0
    for found in numbers(text):
        if found.kind in kinds and found.start >= at:
            told += [text[at : found.start], HIDDEN]
            at = found.end
    return "".join((*told, text[at:])) if told else text


def found_in(*entered: Any) -> list[str]:
    """The kinds of personal numbers in what was entered: identity, telephone, plate. Looks into dicts and models."""
    kinds = {found.kind for part in entered for text in _texts(part) for found in numbers(text)}
    return [kind for kind in ("identity", "telephone", "plate") if kind in kinds]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, BaseModel):
        yield from _texts(part.model_dump())
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
