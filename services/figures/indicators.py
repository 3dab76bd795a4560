"""Indicators: every figure in the product has a definition, a numerator and a denominator, and is one row of data.

Most are said by their row alone: which matters count, in words; what no row can say is a function of the same name.
Either yields (key, month, count); totals, areas, units and trends are sums of those. A share is a ``Share``, which
can't be made with a numerator larger than its denominator. ``n = 0`` is no cases, never 100 %.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter_count import MatterCount
from services.engine import flows
from services.figures import kept_counts, word_counts
from services.figures.kept_counts import Ask, Count, Key, Narrowing, Share, Span
from services.matters import case_conditions
from services.places import areas
from services.system.data_files import rows

__all__ = ["Ask", "Count", "Span"]


@dataclass(frozen=True)
class Definition:
    """A row of data/indicators.csv: what the figure means, in both languages.

    ``unit`` is count, share, per_thousand or hours; ``now`` says that it is of this moment, whatever the period;
    ``by`` names the dimensions it can be summed by; ``beside`` the indicators it must not be read without.
    """

    code: str
    unit: str
    better: str
    now: bool
    by: tuple[str, ...]
    beside: tuple[str, ...]
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
    able, cases = word_counts.words(), case_conditions.cases()
    said = {code for code, own in cases.items() if own.numerator and own.words <= able}
    return said | set(_MEASURES) | _ELSEWHERE


@lru_cache
def definitions() -> dict[str, Definition]:
    """The definitions by code, in the order they are shown."""
    return {row["indicator"]: _definition(row) for row in rows("indicators.csv")}


def _definition(row: dict[str, str]) -> Definition:
    words = {name: text for name, text in row.items() if name.startswith(("zh_", "en_"))}
    by, beside = tuple(row["by"].split()), tuple(row["beside"].split())
    return Definition(
        row["indicator"], row["unit"], row["better"], row["now"] == "1", by, beside, words, row["source"], row["mark"]
    )


def codes(flow: str) -> list[str]:
    """The indicators of a flow; beside those of the first flow stand the ones that another has for itself."""
    first = flow in ("", flows.first())
    return [code for code in definitions() if first or flow in case_conditions.flows_of(code)]


def on_map() -> list[str]:
    """The codes of the indicators by which areas can be shaded."""
    return [code for code, one in definitions().items() if "area" in one.by and one.unit != "hours"]


def counted(session: Session, code: str, ask: Ask) -> Counted:
    """The indicator by key and month; a key without cases is absent. What is left out comes with no case."""
    told, own = definitions()[code], ask.of(case_conditions.flow_of(code, ask.flow))
    own = own.ever() if told.now else own
    if code not in _MEASURES:
        yield from _by_words(session, code, own)
        return
    yield from _MEASURES[code](session, own)
    for key, month, (left,) in sums(session, own, case_conditions.cases()[code].left):
        yield key, month, replace(told.zero, left=left)


def _by_words(session: Session, code: str, ask: Ask) -> Counted:
    """A count or a share as its row says it: what is kept, and what is open past its deadline."""
    own = case_conditions.cases()[code]
    make, below = (Share, [own.denominator]) if own.denominator else (_plain, [])
    for key, month, (*found, left) in sums(session, ask, own.numerator, *below, own.left):
        if found[-1] or left:
            yield key, month, replace(make(*found), left=left)


def sums(session: Session, ask: Ask, *parts: tuple[str, ...]) -> Iterable[tuple[Key, int, tuple[int, ...]]]:
    """For how many matters one of the words of each part holds; what is kept comes apart from what is late now."""
    if ask.only:
        yield from kept_counts.rows(session, ask, *parts)
        return
    kept = [[word for word in part if word not in word_counts.AT_THIS_MOMENT] for part in parts]
    if any(kept):
        yield from kept_counts.kept(
            session, ask, *(word_counts.tally(part, ask.flow) if part else _none for part in kept)
        )
    for word in dict.fromkeys(word for part in parts for word in part if word in word_counts.AT_THIS_MOMENT):
        for key, month, late in kept_counts.at_this_moment(session, ask, word):
            yield key, month, tuple(late if word in part else 0 for part in parts)


def _none(_table: object) -> ColumnElement[int]:
    return literal(0)


def _plain(n: float) -> Count:
    return Count(n)


def by_key(session: Session, code: str, ask: Ask) -> dict[Key, Count]:
    """The indicator for every area, unit or category that has any cases; by month, for every month."""
    found = counted(session, code, ask)
    pairs = ((month if ask.by == "month" else key, count) for key, month, count in found)
    return kept_counts.gathered(pairs, definitions()[code].zero)


def by_month(session: Session, code: str, path: str, span: Span, flow: str = "") -> dict[Key, Count]:
    """The indicator for every month of the span; months without cases are absent."""
    return by_key(session, code, Ask(path, span, "month", flow))


def newest_month(session: Session, path: str, flow: str = "") -> int | None:
    """The month of the newest matter of a flow at or below ``path``; none where there is no matter."""
    return _month(session, path, flow or flows.first(), func.max)


def oldest_month(session: Session, path: str, flow: str = "") -> int | None:
    """The month of the oldest matter of a flow at or below ``path``: before it, nothing was recorded yet."""
    return _month(session, path, flow or flows.first(), func.min)


def _month(session: Session, path: str, flow: str, edge: Any) -> int | None:
    here = col(MatterCount.area_id).in_(select(Area.id).where(areas.within(path)))
    query = select(edge(col(MatterCount.opened_month)))
    found: int | None = session.exec(query.where(here, MatterCount.flow == flow, MatterCount.n > 0)).one()
    return found


def inside(code: str, counted: dict[Key, Count], span: Span) -> Count:
    """The indicator for the months of ``span``, from what ``by_month`` counted over a longer one."""
    found = (count for month, count in counted.items() if span.first <= int(month) <= span.last)
    return sum(found, definitions()[code].zero)


def total(session: Session, code: str, path: str, span: Span, flow: str = "", only: Narrowing | None = None) -> Count:
    """The indicator for ``path`` and everything below it, of the matters that match."""
    found = counted(session, code, Ask(path, span, "area", flow, only))
    return sum((count for _, _, count in found), definitions()[code].zero)


def rolled_up(
    session: Session,
    code: str,
    path: str,
    span: Span,
    parts: list[Area],
    flow: str = "",
    only: Narrowing | None = None,
) -> dict[int, Count]:
    """The indicator for each of ``parts``, everything below each included, of the matters that match."""
    own, zero = by_key(session, code, Ask(path, span, flow=flow, only=only)), definitions()[code].zero
    paths: dict[Key, str] = dict(session.exec(select(Area.id, Area.path).where(areas.within(path))).all())
    return {
        part.id: sum((count for area, count in own.items() if paths[area].startswith(part.path)), zero)
        for part in parts
    }


@indicator
def density(session: Session, ask: Ask) -> Counted:
    """What is open against households, now. Households are counted at the buildings, matters anywhere."""
    for area_id, month, count in counted(session, "open", ask):
        yield area_id, month, Count(count.numerator, 0)
    homes = select(Area.id, Area.households).where(areas.within(ask.path), areas.standing(), Area.level == "building")
    for area_id, households in session.exec(homes):
        yield area_id, 0, Count(0, households or 0)
