"""Cases: which matters a figure counts, as a condition on their rows: what the list behind a figure shows.

What an indicator counts stands in data/indicators.csv, in words that each have one condition here. The figures
themselves are read from counts that the database keeps, by the same words; tests hold the two against each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import col

from models.answer import FOLLOW_UP, REPORTER, UNKNOWN, Answer
from models.matter import Matter
from services.engine import flows
from services.system import clock
from services.system.data_files import rows

Condition = ColumnElement[bool]
PARTS = ("numerator", "denominator")


def is_open() -> Condition:
    """Not yet at an end; compared with a literal so that both databases use their index of open matters."""
    return col(Matter.is_open) == true()


def overdue(at: datetime) -> Condition:
    """Open and past its deadline."""
    return and_(is_open(), col(Matter.due_at) < at)


def stopped() -> Condition:
    """In a state in which the clock stands still; such a state is open."""
    states = ((flow, flows.states_of_kind(flow, "paused")) for flow in flows.flows())
    each = (and_(col(Matter.flow) == flow, col(Matter.state).in_(codes)) for flow, codes in states if codes)
    return or_(*each)


def paused() -> Condition:
    """Open, and the clock stands still."""
    return and_(is_open(), stopped())


def done_states(flow: str) -> list[str]:
    """The states in which a matter of the flow has been brought to its end, not merely dropped."""
    return flows.states_of_kind(flow, "done")


Word = Callable[[str], Condition]
_WORDS: dict[str, Word] = {
    "raised": lambda _flow: true(),
    "open": lambda _flow: is_open(),
    "overdue": lambda _flow: overdue(clock.now()),
    "paused": lambda flow: and_(is_open(), col(Matter.state).in_(flows.states_of_kind(flow, "paused"))),
    "done": lambda flow: and_(~is_open(), col(Matter.state).in_(done_states(flow))),
    "timed": lambda _flow: and_(~is_open(), col(Matter.on_time).is_not(None)),
    "in_time": lambda _flow: and_(~is_open(), col(Matter.on_time).is_(True)),
    "reworked": lambda flow: and_(_WORDS["done"](flow), col(Matter.reworks) > 0),
    "dispatched": lambda _flow: col(Matter.dispatches) > 0,
    "unreturned": lambda _flow: and_(col(Matter.dispatches) > 0, col(Matter.returns) == 0),
    "classed": lambda _flow: col(Matter.category).is_not(None),
    "repeated": lambda _flow: and_(col(Matter.category).is_not(None), col(Matter.repeats_id).is_not(None)),
    "answered": lambda _flow: _answered(),
    "contacted": lambda _flow: _answered("contacted"),
    "resolved": lambda _flow: _answered("resolved"),
    "lasted": lambda flow: and_(_WORDS["done"](flow), col(Matter.closed_at) >= col(Matter.opened_at)),
}
# What a flow counts by its arrows; where it never does, the figure would only say so.
_BY_ARROWS = {"reworked": "reworks", "dispatched": "dispatches"}


def _answered(question: str = "") -> Condition:
    """All three questions of the follow-up were answered; ``question``, when one is named, with yes."""
    return and_(*(_stands(name, "yes" if name == question else "") for name in FOLLOW_UP))


def _stands(question: str, word: str) -> Condition:
    """The answer to the question that stands is ``word``; any, but unknown, without one."""
    asked = (
        col(Answer.matter_id) == col(Matter.id),
        col(Answer.category) == REPORTER,
        col(Answer.question) == question,
    )
    told = col(Answer.value) == word if word else col(Answer.value) != UNKNOWN
    return exists().where(*asked, col(Answer.replaced) == 0, told)


@dataclass(frozen=True)
class Cases:
    """What an indicator counts, as its row says it: matters for which one of the words holds; no two can hold at once.

    ``flow`` is the flow whose matters it counts, ``*`` the one that is asked about. A part without words is no list.
    """

    flow: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]

    @property
    def words(self) -> set[str]:
        """All words of both parts."""
        return {*self.numerator, *self.denominator}


@lru_cache
def cases() -> dict[str, Cases]:
    """The cases of each indicator by its code."""
    return {
        row["indicator"]: Cases(row["flow"], tuple(row["numerator"].split()), tuple(row["denominator"].split()))
        for row in rows("indicators.csv")
    }


def words() -> set[str]:
    """The words with which a row may say what it counts."""
    return set(_WORDS)


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
    return or_(*(_WORDS[word](counted) for word in getattr(cases()[code], part)))
