"""Cases: which matters a figure counts, as a condition on their rows: what the list behind a figure shows.

What an indicator counts stands in data/indicators.csv, in words; each has one condition in ``case_words``. The figures
themselves are read from counts that the database keeps, by the same words; tests hold the two against each other.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, or_

from services.engine import flows
from services.matters import case_words
from services.matters.case_states import done_states as done_states
from services.matters.case_states import is_open as is_open
from services.matters.case_states import overdue as overdue
from services.matters.case_states import paused as paused
from services.matters.case_states import relieved as relieved
from services.matters.case_states import stopped as stopped
from services.system.data_files import rows

Condition = ColumnElement[bool]
PARTS = ("numerator", "denominator", "left")
# What a flow counts by its arrows; where it never does, the figure would only say so.
_BY_ARROWS = {"reworked": "reworks", "dispatched": "dispatches"}


@dataclass(frozen=True)
class Cases:
    """What an indicator counts, as its row says it: matters for which one of the words holds; no two can hold at once.

    ``flow`` is the flow whose matters it counts, ``*`` the one that is asked about. A part without words is no list.
    ``left`` are those left out because the ledger they came from doesn't record what is counted.
    """

    flow: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def words(self) -> set[str]:
        """All words of all parts."""
        return {*self.numerator, *self.denominator, *self.left}


@lru_cache
def cases() -> dict[str, Cases]:
    """The cases of each indicator by its code."""
    return {
        row["indicator"]: Cases(row["flow"], *(tuple(row[part].split()) for part in PARTS))
        for row in rows("indicators.csv")
    }


def words() -> set[str]:
    """The words with which a row may say what it counts."""
    return set(case_words.WORDS)


def flow_of(code: str, asked: str = "") -> str:
    """The flow whose matters the figure counts, where ``asked`` is the flow asked about, the first if none is."""
    own = cases()[code].flow
    return (asked or flows.first()) if own == "*" else own


def flows_of(code: str) -> list[str]:
    """The flows whose matters the figure can count."""
    own = cases()[code]
    wanted = {_BY_ARROWS[word] for word in own.words if word in _BY_ARROWS}
    if own.flow != "*":
        return [own.flow]
    return [flow for flow in flows.flows() if wanted <= {arrow.counts for arrow in flows.arrows(flow)}]


def listable(code: str, part: str) -> bool:
    """Whether the rows behind this part of a figure can be listed."""
    return code in cases() and bool(getattr(cases()[code], part, ()))


def known() -> list[str]:
    """Every list behind a figure, as ``code.part``."""
    return [f"{code}.{part}" for code in cases() for part in PARTS if listable(code, part)]


def condition(figure: str, flow: str = "") -> Condition:
    """The condition for ``code.part``, one of ``known``, where ``flow`` is asked about."""
    code, _, part = figure.partition(".")
    if not listable(code, part):
        raise LookupError(f"No list can show what {figure} counts.")
    counted = flow_of(code, flow)
    return or_(*(case_words.WORDS[word](counted) for word in getattr(cases()[code], part)))
