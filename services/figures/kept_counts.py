"""Counts: what a figure is made of, summed by area, unit, category or month from the counts the database keeps."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, true
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.matter_count import Counted, MatterCount, MatterSplit
from services.engine import flows
from services.matters import case_conditions
from services.places import areas
from services.system import clock

DIMENSIONS = ("area", "unit", "category", "month")


@dataclass(frozen=True)
class Span:
    """Months from first to last, both included, as month numbers."""

    first: int
    last: int

    def earlier(self, how: str) -> "Span | None":
        """What it is compared with: the span before (``before``), the same a year earlier (``year``), or none."""
        if self.first <= 0 or how not in ("before", "year"):
            return None
        back = 12 if how == "year" else self.last - self.first + 1
        return Span(self.first - back, self.last - back)


@dataclass(frozen=True, eq=False)
class Count:
    """A numerator and its denominator; a plain count has no denominator.

    A weighted answer counts for less than one, so a numerator need not be whole. Neither is ever negative: ValueError.
    """

    numerator: float = 0
    denominator: int | None = None

    def __post_init__(self) -> None:
        if self.numerator < 0 or (self.denominator or 0) < 0:
            raise ValueError(f"Nothing can be counted {self.numerator} times of {self.denominator}.")

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Count) and self.numerator == other.numerator
        return same and self.denominator == other.denominator  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    @property
    def value(self) -> float | None:
        """The figure: the count itself, or the quotient; none where there are no cases."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: "Count") -> "Count":
        """Sum numerators and denominators; a share plus a share is a share."""
        kind = Share if isinstance(self, Share) or isinstance(other, Share) else Count
        both = self.denominator is None and other.denominator is None
        known = (self.denominator or 0) + (other.denominator or 0)
        return kind(self.numerator + other.numerator, None if both else known)


@dataclass(frozen=True, eq=False)
class Share(Count):
    """A part of a whole: between none and all of it, or it can't be made (ValueError)."""

    def __post_init__(self) -> None:
        if self.denominator is None or not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} is no part of {self.denominator}.")


@dataclass(frozen=True)
class Ask:
    """At and below which area, over which months (None: at any time), summed by which dimension, of which flow.

    Without a flow the first is meant; an indicator of one flow alone counts that.
    """

    path: str
    span: Span | None
    by: str = "area"
    flow: str = ""

    def ever(self) -> "Ask":
        """The same at any time."""
        return replace(self, span=None)

    def of(self, flow: str) -> "Ask":
        """The same of a flow."""
        return replace(self, flow=flow)


Key = int | str
Tally = Callable[[type[Counted]], ColumnElement[int]]
Holds = Callable[[type[Counted]], ColumnElement[bool]]
OVERDUE = "overdue"
_FLAGS = ("dispatched", "classed", "repeated", "answered", "contacted", "resolved")


def kept(session: Session, ask: Ask, *tallies: Tally) -> Iterator[tuple[Key, int, tuple[int, ...]]]:
    """Key, month raised and the sums of ``tallies`` over the matters asked about; keys without any are absent."""
    # Units and categories are in the wider table only; the narrow one has some thousand rows for a million matters.
    table = MatterSplit if ask.by in ("unit", "category") else MatterCount
    keys = {"unit": MatterSplit.unit_id, "category": MatterSplit.category}
    key: Any = keys.get(ask.by, MatterCount.area_id)
    wanted = [col(table.area_id).in_(select(Area.id).where(areas.within(ask.path))), col(table.flow) == ask.flow]
    if ask.span:
        wanted.append(col(table.opened_month).between(ask.span.first, ask.span.last))
    sums = [func.sum(tally(table)) for tally in tallies]
    query = select(key, table.opened_month, *sums).where(*wanted).group_by(col(key), col(table.opened_month))
    for found, month, *counted in session.execute(query):
        if any(counted):
            yield found, month, tuple(int(one) for one in counted)


def overdue(session: Session, ask: Ask) -> Iterator[tuple[Key, int, int]]:
    """Key, month raised and how many are open and past their deadline at this moment."""
    keys: dict[str, Any] = {
        "unit": func.coalesce(col(Matter.unit_id), 0),
        "category": func.coalesce(col(Matter.category), ""),
    }
    key: Any = keys.get(ask.by, col(Matter.area_id))
    wanted = [
        col(Matter.area_id).in_(select(Area.id).where(areas.within(ask.path))),
        case_conditions.overdue(clock.now()),
    ]
    if ask.span:
        wanted.append(col(Matter.opened_month).between(ask.span.first, ask.span.last))
    query = select(key, Matter.opened_month, func.count()).where(*wanted, col(Matter.flow) == ask.flow)
    found = session.execute(query.group_by(key, col(Matter.opened_month)))
    yield from ((one, month, late) for one, month, late in found)


def n(*conditions: Holds, of: str = "n") -> Tally:
    """Sum the count called ``of`` over the kinds for which all conditions hold."""
    return lambda table: case((and_(true(), *(holds(table) for holds in conditions)), getattr(table, of)), else_=0)


def _is_open(table: type[Counted]) -> ColumnElement[bool]:
    return col(table.is_open) == true()  # type: ignore[attr-defined]


def _among(states: list[str]) -> Holds:
    return lambda table: col(table.state).in_(states)  # type: ignore[attr-defined]


def _ended(timeliness: tuple[int, ...]) -> Holds:
    return lambda table: and_(~_is_open(table), col(table.timeliness).in_(timeliness))  # type: ignore[attr-defined]


def _done(flow: str, of: str = "n") -> Tally:
    return n(lambda table: ~_is_open(table), _among(case_conditions.done_states(flow)), of=of)


def _unreturned(table: type[Counted]) -> ColumnElement[int]:
    return col(table.dispatched) - col(table.returned)


def _flag(name: str) -> Callable[[str], Tally]:
    return lambda _flow: n(of=name)


# The words of data/indicators.csv as kept counts; as conditions on rows they stand in case_conditions.
_TALLIES: dict[str, Callable[[str], Tally]] = {
    "raised": lambda _flow: n(),
    "open": lambda _flow: n(_is_open),
    "paused": lambda flow: n(_is_open, _among(flows.states_of_kind(flow, "paused"))),
    "done": _done,
    "timed": lambda _flow: n(_ended((0, 1))),
    "in_time": lambda _flow: n(_ended((1,))),
    "reworked": lambda flow: _done(flow, "reworked"),
    "unreturned": lambda _flow: _unreturned,
    **{name: _flag(name) for name in _FLAGS},
}


def words() -> set[str]:
    """The words of data/indicators.csv by which a figure can be counted: kept ones, and what is overdue now."""
    return {*_TALLIES, OVERDUE}


def tally(words: Iterable[str], flow: str) -> Tally:
    """The sum over the matters of a flow for which one of these words holds; there is at least one."""
    first, *others = (_TALLIES[word](flow) for word in words)
    return lambda table: sum((one(table) for one in others), first(table))


def percent(share: float) -> str:
    """A share of 0 to 1 as text, ``93.4%``; 100 % and 0 % are said of nothing less. ValueError for what is no share."""
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is no share.")
    least, most = (1 if share > 0 else 0), (999 if share < 1 else 1000)
    return f"{min(most, max(least, round(share * 1000))) / 10:.1f}%"


def gathered(found: Iterable[tuple[Key, Count]], zero: Count) -> dict[Key, Count]:
    """The counts summed by key."""
    summed: dict[Key, Count] = {}
    for key, count in found:
        summed[key] = summed.get(key, zero) + count
    return summed
