"""Indicators: every figure in the product is one registered function with a definition, a numerator and a denominator.

A function yields (key, month, count); totals, areas, units and trends are sums of those. A share is a ``Share``, which
can't be made with a numerator larger than its denominator. ``n = 0`` is no cases, never 100 %.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter_count import MatterCount
from services.figures import kept_counts
from services.figures.kept_counts import Ask, Count, Key, Share, Span
from services.places import areas
from services.system.data_files import rows

__all__ = ["Ask", "Count", "Span"]


@dataclass(frozen=True)
class Definition:
    """A row of data/indicators.csv: what the figure means, in both languages.

    ``unit`` is count, share, per_thousand or hours; ``now`` says that it is of this moment, whatever the period;
    ``by`` names the dimensions it can be summed by.
    """

    code: str
    unit: str
    better: str
    now: bool
    by: tuple[str, ...]
    words: dict[str, str]
    source: str
    mark: str

    def text(self, part: str, language: str) -> str:
        """``definition``, ``numerator`` or ``denominator`` in a language."""
        return self.words[f"{'zh' if language.startswith('zh') else 'en'}_{part}"]

    @property
    def zero(self) -> Count:
        """No cases at all."""
        return {"count": Count(), "share": Share(0, 0)}.get(self.unit, Count(0, 0))


Counted = Iterable[tuple[Key, int, Count]]
Measure = Callable[[Session, Ask], Counted]

_MEASURES: dict[str, Measure] = {}
_ELSEWHERE: set[str] = set()


def indicator(function: Measure) -> Measure:
    """Register a measure under its own name; data/indicators.csv must define it."""
    _MEASURES[function.__name__] = function
    return function


def elsewhere(*codes: str) -> None:
    """Say that these indicators are computed by a module of their own: they are no sum of counts."""
    _ELSEWHERE.update(codes)


def registered() -> set[str]:
    """The codes of every indicator that can be computed."""
    return set(_MEASURES) | _ELSEWHERE


@lru_cache
def definitions() -> dict[str, Definition]:
    """The definitions by code, in the order they are shown."""
    return {row["indicator"]: _definition(row) for row in rows("indicators.csv")}


def _definition(row: dict[str, str]) -> Definition:
    words = {name: text for name, text in row.items() if name.startswith(("zh_", "en_"))}
    by = tuple(row["by"].split())
    return Definition(
        row["indicator"], row["unit"], row["better"], row["now"] == "1", by, words, row["source"], row["mark"]
    )


def on_map() -> list[str]:
    """The codes of the indicators by which areas can be shaded."""
    return [code for code, one in definitions().items() if "area" in one.by and one.unit != "hours"]


def counted(session: Session, code: str, ask: Ask) -> Counted:
    """The indicator by key and month; a key without cases is absent."""
    return _MEASURES[code](session, ask)


def by_key(session: Session, code: str, ask: Ask) -> dict[Key, Count]:
    """The indicator for every area, unit or category that has any cases; by month, for every month."""
    found = counted(session, code, ask)
    pairs = ((month if ask.by == "month" else key, count) for key, month, count in found)
    return kept_counts.gathered(pairs, definitions()[code].zero)


def by_month(session: Session, code: str, path: str, span: Span) -> dict[Key, Count]:
    """The indicator for every month of the span; months without cases are absent."""
    return by_key(session, code, Ask(path, span, "month"))


def newest_month(session: Session, path: str) -> int | None:
    """The month of the newest issue at or below ``path``; none where there is no issue."""
    return _month(session, path, func.max)


def oldest_month(session: Session, path: str) -> int | None:
    """The month of the oldest issue at or below ``path``: before it, nothing was recorded yet."""
    return _month(session, path, func.min)


def _month(session: Session, path: str, edge: Any) -> int | None:
    here = col(MatterCount.area_id).in_(select(Area.id).where(areas.within(path)))
    query = select(edge(col(MatterCount.opened_month)))
    found: int | None = session.exec(query.where(here, MatterCount.flow == "issue", MatterCount.n > 0)).one()
    return found


def inside(code: str, counted: dict[Key, Count], span: Span) -> Count:
    """The indicator for the months of ``span``, from what ``by_month`` counted over a longer one."""
    found = (count for month, count in counted.items() if span.first <= int(month) <= span.last)
    return sum(found, definitions()[code].zero)


def total(session: Session, code: str, path: str, span: Span) -> Count:
    """The indicator for ``path`` and everything below it."""
    found = counted(session, code, Ask(path, span, "area"))
    return sum((count for _, _, count in found), definitions()[code].zero)


def rolled_up(session: Session, code: str, path: str, span: Span, parts: list[Area]) -> dict[int, Count]:
    """The indicator for each of ``parts``, everything below each included."""
    own, zero = by_key(session, code, Ask(path, span)), definitions()[code].zero
    paths: dict[Key, str] = dict(session.exec(select(Area.id, Area.path).where(areas.within(path))).all())
    return {
        part.id: sum((count for area, count in own.items() if paths[area].startswith(part.path)), zero)
        for part in parts
    }


def share(session: Session, ask: Ask, flow: str, part: kept_counts.Tally, whole: kept_counts.Tally) -> Counted:
    """The share of ``whole`` that is ``part``, from the kept counts."""
    for key, month, (hits, n) in kept_counts.kept(session, ask, flow, part, whole):
        if n:
            yield key, month, Share(hits, n)


def _of_those_due(session: Session, ask: Ask, flow: str, part: kept_counts.Tally, whole: kept_counts.Tally) -> Counted:
    """A share of what was to be closed: what was, and what is open past its deadline."""
    yield from share(session, ask, flow, part, whole)
    for key, month, late in kept_counts.overdue(session, ask, flow):
        yield key, month, Share(0, late)


@indicator
def open(session: Session, ask: Ask) -> Counted:
    """Open issues, now."""
    for key, month, (n,) in kept_counts.kept(session, ask.ever(), "issue", kept_counts.n(kept_counts.is_open)):
        yield key, month, Count(n)


@indicator
def overdue(session: Session, ask: Ask) -> Counted:
    """Open issues past their deadline, now."""
    for key, month, n in kept_counts.overdue(session, ask.ever(), "issue"):
        yield key, month, Count(n)


@indicator
def raised(session: Session, ask: Ask) -> Counted:
    """Issues raised in the span."""
    for key, month, (n,) in kept_counts.kept(session, ask, "issue", kept_counts.n()):
        yield key, month, Count(n)


@indicator
def closed_rate(session: Session, ask: Ask) -> Counted:
    """Closed among those raised in the span that were to be closed."""
    done = kept_counts.n(kept_counts.done("issue"))
    return _of_those_due(session, ask, "issue", done, done)


@indicator
def on_time_rate(session: Session, ask: Ask) -> Counted:
    """Closed on time among those raised in the span that were to be closed by a deadline."""
    return _of_those_due(session, ask, "issue", kept_counts.n(kept_counts.in_time), kept_counts.n(kept_counts.timed))


@indicator
def promise_rate(session: Session, ask: Ask) -> Counted:
    """Action items accepted on time among those raised in the span that were to be done."""
    return _of_those_due(session, ask, "action", kept_counts.n(kept_counts.in_time), kept_counts.n(kept_counts.timed))


@indicator
def rework_rate(session: Session, ask: Ask) -> Counted:
    """Sent back for rework at least once, among those raised in the span and closed."""
    done = kept_counts.done("issue")
    return share(session, ask, "issue", kept_counts.n(done, of="reworked"), kept_counts.n(done))


@indicator
def dispatch_accuracy(session: Session, ask: Ask) -> Counted:
    """Never sent back by a unit, among those raised in the span and dispatched to one."""
    for key, month, (returned, dispatched) in kept_counts.kept(
        session, ask, "issue", kept_counts.n(of="returned"), kept_counts.n(of="dispatched")
    ):
        if dispatched:
            yield key, month, Share(dispatched - returned, dispatched)


@indicator
def recurrence_rate(session: Session, ask: Ask) -> Counted:
    """Repeating an earlier closed issue, among those raised in the span that have a category."""
    return share(session, ask, "issue", kept_counts.n(of="repeated"), kept_counts.n(of="classed"))


@indicator
def density(session: Session, ask: Ask) -> Counted:
    """Open issues against households, now. Households are counted at the buildings, issues anywhere."""
    for area_id, month, count in open(session, ask):
        yield area_id, month, Count(count.numerator, 0)
    homes = select(Area.id, Area.households).where(areas.within(ask.path), Area.level == "building")
    for area_id, households in session.exec(homes):
        yield area_id, 0, Count(0, households or 0)
