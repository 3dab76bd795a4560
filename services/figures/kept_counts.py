"""Counts: what a figure is made of, summed by area, unit, category or month from the counts the database keeps."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, true
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.matter_count import Counted, MatterCount, MatterSplit
from services.matters import case_words, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor

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

    A weighted answer counts for less than one, so a numerator need not be whole. None is ever negative: ValueError.
    ``left`` more are left out, because the ledger they came from doesn't record what is counted.
    """

    numerator: float = 0
    denominator: int | None = None
    left: int = 0

    def __post_init__(self) -> None:
        if self.numerator < 0 or (self.denominator or 0) < 0 or self.left < 0:
            raise ValueError(f"Nothing can be counted {self.numerator} times of {self.denominator}.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Count) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)

    @property
    def _parts(self) -> tuple[float, int | None, int]:
        return self.numerator, self.denominator, self.left

    @property
    def recorded(self) -> bool:
        """Whether any ledger here records what a share is of; where none does it is neither 0 nor 100 %."""
        return not self.left or self.denominator != 0

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
        # Tenths summed in another order differ in the last digit of a float; on paper they are one number.
        numerator = round(self.numerator + other.numerator, 6)
        return kind(numerator, None if both else known, self.left + other.left)


@dataclass(frozen=True, eq=False)
class Share(Count):
    """A part of a whole: between none and all of it, or it can't be made (ValueError)."""

    def __post_init__(self) -> None:
        if self.denominator is None or not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} is no part of {self.denominator}.")


@dataclass(frozen=True)
class Narrowing:
    """Of the matters only those that match a filter, as far as a reader may see them."""

    actor: Actor
    wanted: Filter


def narrowing(actor: Actor, wanted: Filter) -> Narrowing | None:
    """The filter as figures take it; none where it asks nothing of them.

    Whether matters are open is what figures count themselves, so that part of a filter is for lists and points.
    """
    asked = wanted.with_(path="", openness="", sort="due")
    return Narrowing(actor, asked) if asked != Filter(flow=wanted.flow) else None


@dataclass(frozen=True)
class Ask:
    """At and below which area, over which months (None: at any time), summed by which dimension, of which flow.

    Without a flow the first is meant; an indicator of one flow alone counts that. ``only`` are those that match.
    """

    path: str
    span: Span | None
    by: str = "area"
    flow: str = ""
    only: Narrowing | None = None

    def ever(self) -> "Ask":
        """The same at any time."""
        return replace(self, span=None)

    def of(self, flow: str) -> "Ask":
        """The same of a flow."""
        return replace(self, flow=flow)


Key = int | str
Tally = Callable[[type[Counted]], ColumnElement[int]]
Holds = Callable[[type[Counted]], ColumnElement[bool]]


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


def at_this_moment(session: Session, ask: Ask, word: str) -> Iterator[tuple[Key, int, int]]:
    """Key, month raised and for how many of the rows themselves the word holds now: no count can keep what is late."""
    key = _key(ask)
    query = select(key, Matter.opened_month, func.count()).where(*of_rows(session, ask))
    query = query.where(case_words.WORDS[word](ask.flow))
    found = session.execute(query.group_by(key, col(Matter.opened_month)))
    yield from ((one, month, late) for one, month, late in found)


def rows(session: Session, ask: Ask, *parts: Sequence[str]) -> Iterator[tuple[Key, int, tuple[int, ...]]]:
    """Key, month raised and for how many of the rows themselves a word of each part holds: what a filter leaves."""
    key = _key(ask)
    holds = (or_(false(), *(case_words.WORDS[word](ask.flow) for word in part)) for part in parts)
    sums = [func.sum(case((one, 1), else_=0)) for one in holds]
    query = select(key, Matter.opened_month, *sums).where(*of_rows(session, ask))
    for found, month, *counted in session.execute(query.group_by(key, col(Matter.opened_month))):
        if any(counted):
            yield found, month, tuple(map(int, counted))


def _key(ask: Ask) -> Any:
    keys: dict[str, Any] = {
        "unit": func.coalesce(col(Matter.unit_id), 0),
        "category": func.coalesce(col(Matter.category), ""),
    }
    return keys.get(ask.by, col(Matter.area_id))


def of_rows(session: Session, ask: Ask) -> list[ColumnElement[bool]]:
    """The matters asked about, as a condition on their rows."""
    found = [col(Matter.area_id).in_(select(Area.id).where(areas.within(ask.path))), col(Matter.flow) == ask.flow]
    if ask.span:
        found.append(col(Matter.opened_month).between(ask.span.first, ask.span.last))
    if ask.only:
        found += matters.conditions(session, ask.only.actor, ask.only.wanted.with_(flow=ask.flow))
    return found


def n(*conditions: Holds, of: str = "n") -> Tally:
    """Sum the count called ``of`` over the kinds for which all conditions hold."""
    return lambda table: case((and_(true(), *(holds(table) for holds in conditions)), getattr(table, of)), else_=0)


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
