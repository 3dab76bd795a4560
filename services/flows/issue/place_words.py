"""Place marks: the building, gate, lane or phase a text names, by which two reports are at the same spot or not."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from services.system.data_files import rows

# Who names a building and who names a gate don't stand at the same spot.
_SPOTS = {"building", "gate"}
Marks = dict[str, frozenset[str]]


@dataclass(frozen=True)
class _Words:
    numbered: re.Pattern[str]
    named: re.Pattern[str]
    units: dict[str, str]
    gates: dict[str, str]
    numerals: dict[str, int]
    decisive: frozenset[str]


@lru_cache
def _words() -> _Words:
    found: dict[str, dict[str, str]] = {}
    for row in rows("place_marks.csv"):
        found.setdefault(row["kind"], {})[row["word"]] = row["means"]
    units = sorted(found["unit"], key=len, reverse=True)
    digits = "".join(found["numeral"])
    names = sorted(found["name"], key=len, reverse=True)
    number = rf"(\d{{1,5}}|[{digits}]{{1,3}}|[a-z])"
    return _Words(
        re.compile(rf"{number}({'|'.join(units)})"),
        # Two characters are enough to know a place by; "this estate" and "the road" are the name of none.
        re.compile(rf"(\w[^\W\d{''.join(found['generic'])}])({'|'.join(names)})(?![{''.join(found['after'])}])"),
        found["unit"],
        found["gate"],
        {word: int(value) for word, value in found["numeral"].items()},
        frozenset(found["decisive"]),
    )


def marks(text: str) -> Marks:
    """What the text says of the spot, by kind: ``{"building": {"3"}, "gate": {"south"}}``."""
    known, folded = _words(), unicodedata.normalize("NFKC", text).casefold()
    found: dict[str, set[str]] = {}
    for number, unit in known.numbered.findall(folded):
        found.setdefault(known.units[unit], set()).add(_number(number))
    for gate, means in known.gates.items():
        if gate in folded:
            found.setdefault("gate", set()).add(means)
    if named := {"".join(name) for name in known.named.findall(folded)}:
        found["named"] = named
    return {kind: frozenset(values) for kind, values in found.items()}


def _number(written: str) -> str:
    numerals = _words().numerals
    if written[0] not in numerals:
        return written.lstrip("0") or "0"
    total, digit = 0, 0
    for sign in written:
        value = numerals[sign]
        if value == 10:
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = value
    return str(total + digit)


def agree(one: Marks, other: Marks) -> float:
    """1 when both name the same building, gate, lane or phase, 0.5 the same estate or street; -1 when different ones.

    0 where they can't be compared.
    """
    said = [kind for kind in _words().decisive if kind in one and kind in other]
    spots = _SPOTS & one.keys(), _SPOTS & other.keys()
    if any(not one[kind] & other[kind] for kind in said) or (all(spots) and not spots[0] & spots[1]):
        return -1.0
    return 1.0 if set(said) - {"named"} else 0.5 if said else 0.0
