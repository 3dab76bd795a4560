"""Anchor text: an anchor as sixteen groups of six signs that can be typed off a sheet of paper.

The signs are Crockford's: no I, L, O and U, which are taken for others. The last sign of each group checks the five
before it and the place of the group, so that a slip is told by its group: every wrong sign, every two that changed
places, two groups that did.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.system.errors import Refused

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans("OILU", "011V")
_GROUPS, _SIZE = 16, 5
_FORM = 1
# Form, events, audit lines, minutes, and the two heads: 400 bits, five in each sign.
_BITS = (4, 40, 36, 28, 146, 146)
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
HEAD_BITS = _BITS[-1]


@dataclass(frozen=True)
class Anchor:
    """How many events and audit lines there were at a moment, and a digest of all of each."""

    events: int
    lines: int
    at: datetime
    event_head: int
    line_head: int

    @property
    def text(self) -> str:
        """Sixteen groups."""
        minutes = (self.at - _SINCE) // timedelta(minutes=1)
        told = 0
        parts = (_FORM, self.events, self.lines, minutes, self.event_head, self.line_head)
        for value, bits in zip(parts, _BITS, strict=True):
            told = told << bits | value
        shifts = range(5 * (_GROUPS * _SIZE - 1), -1, -5)
        values = [told >> shift & 31 for shift in shifts]
        groups = (values[at : at + _SIZE] for at in range(0, len(values), _SIZE))
        return "-".join(_group(group, place) for place, group in enumerate(groups))


def read(typed: str) -> Anchor:
    """The anchor somebody typed or pasted; Refused with the group that is mistyped."""
    groups = _split(unicodedata.normalize("NFKC", typed).upper().translate(_TAKEN_FOR))
    told = 0
    for place, group in enumerate(groups):
        if _group([_SIGNS.index(sign) for sign in group[:_SIZE]], place) != group:
            raise Refused(
                "Group {group} of the anchor, {typed}, is mistyped. Compare it with the paper.",
                group=place + 1,
                typed=group,
            )
        for sign in group[:_SIZE]:
            told = told << 5 | _SIGNS.index(sign)
    return _anchor(told)


def _split(typed: str) -> list[str]:
    groups = re.findall(rf"[{_SIGNS}]+", typed)
    together = "".join(groups)
    if len(together) == _GROUPS * (_SIZE + 1):
        return re.findall("." * (_SIZE + 1), together)
    short = next((group for group in groups if len(group) != _SIZE + 1), "")
    if len(groups) == _GROUPS and short:
        raise Refused(
            "Group {group} of the anchor, {typed}, is mistyped. Compare it with the paper.",
            group=groups.index(short) + 1,
            typed=short[:12],
        )
    raise Refused(
        "An anchor has 16 groups of six signs; these are {count} signs. Type all of it, or name the file it stands in.",
        count=len(together),
    )


def _anchor(told: int) -> Anchor:
    parts = []
    for bits in reversed(_BITS):
        parts.append(told & ((1 << bits) - 1))
        told >>= bits
    line_head, event_head, minutes, lines, events, form = parts
    if form != _FORM:
        raise Refused("This anchor was made by a newer version of the program. Install that version first.")
    return Anchor(events, lines, _SINCE + timedelta(minutes=minutes), event_head, line_head)


def _group(values: list[int], place: int) -> str:
    return "".join(_SIGNS[value] for value in (*values, _check(values, place)))


def _check(values: list[int], place: int) -> int:
    """A sum in the field of 32 elements, each sign times another power: no single slip leaves it as it was."""
    check = place
    for value in values:
        check = _doubled(check ^ value)
    return check


def _doubled(value: int) -> int:
    return value << 1 if value < 16 else (value << 1 ^ 0b100101)
