"""How wide the columns of a table are: as wide as what stands in them, so that no heading is cut and nothing is hidden.

Widths are in pixels, by the sizes of the table's letters: the browser measures only what it draws.
"""

from itertools import accumulate
from unicodedata import east_asian_width

import pandas as pd

# Of a window 1440 wide this much is the table's; a text that is longer than its column is read in full by a click.
_ROOM = 1040
_WIDE, _NARROW, _AROUND = 14.0, 7.6, 22
_LEAST, _MOST = 64, 190


def of(frame: pd.DataFrame, heads: dict[str, str], flexible: str) -> dict[str, int]:
    """The width of each column; ``flexible`` gets what the first columns leave of the room."""
    found = {name: _column(frame, name, head) for name, head in heads.items()}
    if flexible in found:
        others = [width for name, width in found.items() if name != flexible]
        fit = [total for total in accumulate(others) if total <= _ROOM - _LEAST * 3]
        found[flexible] = max(_LEAST * 3, min(_longest(frame, flexible), _ROOM - (fit[-1] if fit else 0)))
    return found


def _column(frame: pd.DataFrame, name: str, head: str) -> int:
    return int(max(_text(head) + _AROUND, min(_longest(frame, name), _MOST), _LEAST))


def _longest(frame: pd.DataFrame, name: str) -> int:
    return int(max((_text(str(value)) for value in frame[name]), default=0)) + _AROUND


def _text(said: str) -> float:
    return sum(_WIDE if east_asian_width(sign) in "WFA" else _NARROW for sign in said)
