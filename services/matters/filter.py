"""The filter: what may be asked of a list of matters, the same for ledger, map, board, exports and figures."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.engine import flows

NONE = "-"


@dataclass(frozen=True)
class Filter:
    """What is asked of the list. Empty fields ask nothing. ``path`` is the area and everything below it.

    ``figure`` asks for the matters that a figure counts: its code and its numerator or denominator; ``own`` for those
    of the area itself, without what lies below it. A category or unit of ``NONE`` asks for those that have none.
    ``kept`` are fields of the flow's own with what they must hold. A sort that begins with ``-`` is turned round.
    """

    path: str = ""
    flow: str = field(default_factory=flows.first)
    openness: str = ""
    state: str = ""
    station: str = ""
    clock: str = ""
    category: str = ""
    unit: str = ""
    forum: str = ""
    source: str = ""
    link: str = ""
    figure: str = ""
    own: str = ""
    text: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    kept: tuple[tuple[str, str], ...] = ()
    sort: str = "due"

    def with_(self, **changes: Any) -> "Filter":
        """The same filter with some fields changed."""
        return replace(self, **changes)
