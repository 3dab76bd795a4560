"""Breakdowns: one indicator by area, unit, category or month, with the comparison that says what a difference is worth.

One query brings the counts by key and month; the period, the one it is compared with and the trend are sums of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from services.figures import comparisons, durations, indicators, intervals, rankings, readings
from services.figures.comparisons import Change
from services.figures.durations import Duration, Lasting
from services.figures.indicators import Definition
from services.figures.kept_counts import Ask, Count, Key, Share, Span
from services.figures.rankings import Ranked
from services.matters import case_conditions
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.memory.result_cache import Memo

TREND = 12
# One with many lines and months weighs some ten kilobytes.
_KEPT = Memo(room=200, megabytes=16)
_LONGEST = 240


@dataclass(frozen=True)
class Group:
    """What a line is about: an area, a unit, a category, a month. Without a code it can't be asked for by itself."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Line:
    """One line of a breakdown. Shares have ``place``, durations ``lasting``; ``trend`` has a value for each month."""

    group: Group
    count: Count
    place: Ranked | None = None
    lasting: Duration | None = None
    trend: tuple[float | None, ...] = ()
    change: Change | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a share; none where there are no cases."""
        share = isinstance(self.count, Share) and self.count.denominator
        return intervals.wilson(self.count.numerator, self.count.denominator or 0) if share else None


@dataclass(frozen=True)
class Breakdown:
    """The lines of one indicator and the whole they are parts of; ``against`` is the period compared with.

    ``flow`` is the flow whose matters were counted.
    """

    definition: Definition
    by: str
    span: Span
    against: Span | None
    whole: Line
    lines: tuple[Line, ...]
    flow: str

    @property
    def trended(self) -> bool:
        """Whether it is about months; the others are of this moment."""
        return not self.definition.now


@dataclass(frozen=True)
class Question:
    """Which indicator, at or below which area, over which months, by which dimension, against which months.

    Without a flow the first is meant; an indicator of one flow alone counts that.
    """

    code: str
    here: Scope
    by: str
    span: Span
    against: Span | None = None
    flow: str = ""


def breakdown(session: Session, actor: Actor, asked: Question) -> Breakdown:
    """The indicator by a dimension. Refused where the actor may not look; ``against`` is ignored for now and ever."""
    require(actor, "page.figures", asked.here.path)
    return _KEPT.remembered((asked, readings.moment(session)), lambda: _breakdown(session, asked))


def forget() -> None:
    """Forget every breakdown: the next one is counted anew."""
    _KEPT.forget()
    readings.forget()


def _breakdown(session: Session, asked: Question) -> Breakdown:
    definition = indicators.definitions()[asked.code]
    if definition.now or asked.by == "month" or asked.span.first <= 0 or not _comparable(session, definition, asked):
        asked = replace(asked, against=None)
    of = _lines_of_hours if definition.unit == "hours" else _lines_of_counts
    whole, lines = of(session, definition, asked)
    changes = comparisons.together([line.change for line in lines if line.change])
    if len(changes) == len(lines):
        lines = [replace(line, change=change) for line, change in zip(lines, changes, strict=True)]
    flow = case_conditions.flow_of(asked.code, asked.flow)
    return Breakdown(definition, asked.by, asked.span, asked.against, whole, tuple(lines), flow)


def _comparable(session: Session, definition: Definition, asked: Question) -> bool:
    # Where nothing was recorded yet, few cases mean a young ledger, not a quiet time.
    oldest = indicators.oldest_month(session, asked.here.path, asked.flow)
    return definition.unit != "count" or asked.against is None or (oldest or asked.against.first) <= asked.against.first


def _keys(session: Session, asked: Question) -> tuple[dict[Key, Group], Callable[[Key], Key]]:
    """The groups by key, and which key something that was counted under another belongs to."""
    if asked.by == "area":
        return _areas(session, asked.here)
    if asked.by == "unit":
        query = select(Organisation.id, Organisation.code, Organisation.name)
        return {found: Group(found, code, name) for found, code, name in session.exec(query)}, lambda key: key
    return {}, lambda key: key


def _areas(session: Session, here: Scope) -> tuple[dict[Key, Group], Callable[[Key], Key]]:
    parts = areas.children(session, here.area_id)
    paths = dict(session.exec(select(Area.id, Area.path).where(areas.within(here.path))).all())
    inside = {area: next((part.id for part in parts if path.startswith(part.path)), 0) for area, path in paths.items()}
    groups: dict[Key, Group] = {part.id: Group(part.id, part.code, part.name) for part in parts}
    return groups, lambda key: inside.get(int(key), 0)


def _group(groups: dict[Key, Group], by: str, key: Key) -> Group:
    if by == "month":
        return Group(int(key), clock.month_label(int(key)), clock.month_label(int(key)))
    return groups.get(key) or Group(0, str(key or "") if by == "category" else "", "")


def _lines_of_counts(session: Session, definition: Definition, asked: Question) -> tuple[Line, list[Line]]:
    groups, belongs = _keys(session, asked)
    table: dict[Key, dict[int, Count]] = {key: {} for key in groups} if asked.by == "area" else {}
    whole: dict[int, Count] = {}
    ask = Ask(asked.here.path, _reach(definition, asked), asked.by, asked.flow)
    for raw, month, count in indicators.counted(session, definition.code, ask):
        key = month if asked.by == "month" else belongs(raw)
        for months in (table.setdefault(key, {}), whole):
            months[month] = months.get(month, definition.zero) + count
    tell = _Teller(definition, asked)
    lines = [tell.line(_group(groups, asked.by, key), months) for key, months in table.items()]
    lines = [line for line in lines if (asked.by == "area" and line.group.id) or not _empty(line.count)]
    total = tell.line(Group(asked.here.area_id, asked.here.code, asked.here.name), whole)
    return total, _ordered(definition, asked.by, lines)


def _empty(count: Count) -> bool:
    return not count.numerator and not count.denominator and not count.left


def _reach(definition: Definition, asked: Question) -> Span:
    """All months that any part of the answer needs; how much a count varies is seen from all that went before."""
    if definition.unit == "count" and asked.against:
        return Span(0, max(asked.span.last, asked.against.last))
    spans = [asked.span, *([asked.against] if asked.against else [])]
    first = min(span.first for span in spans)
    return Span(max(0, min(first, asked.span.last - TREND + 1)), max(span.last for span in spans))


def _ordered(definition: Definition, by: str, lines: list[Line]) -> list[Line]:
    if by == "month":
        return sorted(lines, key=lambda line: line.group.id)
    if definition.unit != "share":
        return sorted(lines, key=lambda line: (-line.count.numerator, line.group.code))
    by_group = {(line.group.id, line.group.code): line for line in lines}
    counted = [(line.group, line.count) for line in sorted(lines, key=lambda line: line.group.code)]
    rows = rankings.ranked(counted, definition.better)
    return [replace(by_group[row.area.id, row.area.code], place=row) for row in rows]


class _Teller:
    """Makes lines from counts by month."""

    def __init__(self, definition: Definition, asked: Question) -> None:
        self._definition, self._asked = definition, asked
        self._trend = range(asked.span.last - TREND + 1, asked.span.last + 1)

    def line(self, group: Group, months: dict[int, Count]) -> Line:
        if self._definition.now:
            return Line(group, sum(months.values(), self._definition.zero))
        now = self._sum(months, self._asked.span)
        trend = tuple(months.get(month, self._definition.zero).value for month in self._trend)
        change = self._change(now, months, self._asked.against) if self._asked.against else None
        return Line(group, now, trend=trend if self._asked.by != "month" else (), change=change)

    def _sum(self, months: dict[int, Count], span: Span) -> Count:
        found = (count for month, count in months.items() if span.first <= month <= span.last)
        return sum(found, self._definition.zero)

    def _change(self, now: Count, months: dict[int, Count], against: Span) -> Change:
        before, span = self._sum(months, against), self._asked.span
        if self._definition.unit == "share":
            return comparisons.shares(now, before)
        earlier = range(min(months, default=span.first), span.first)
        past = [int(months.get(month, Count()).numerator) for month in earlier]
        return comparisons.numbers(
            now.numerator, before.numerator, (readings.days(span), readings.days(against)), past[-_LONGEST:]
        )


def _lines_of_hours(session: Session, definition: Definition, asked: Question) -> tuple[Line, list[Line]]:
    groups, belongs = _keys(session, asked)
    now = _lasting(session, asked, asked.span, belongs)
    then = _lasting(session, asked, asked.against, belongs) if asked.against else None
    lines = [
        _of_hours(definition, _group(groups, asked.by, key), found, then.get(key, durations.NOTHING) if then else None)
        for key, found in now.items()
    ]
    whole = durations.together(now.values()), durations.together(then.values()) if then is not None else None
    total = _of_hours(definition, Group(asked.here.area_id, asked.here.code, asked.here.name), *whole)
    if asked.by == "month":
        return total, sorted(lines, key=lambda line: line.group.id)
    return total, sorted(lines, key=lambda line: (-(line.count.denominator or 0), line.group.code))


def _lasting(session: Session, asked: Question, span: Span, belongs: Callable[[Key], Key]) -> dict[Key, Lasting]:
    found: dict[Key, list[Lasting]] = {}
    for key, one in readings.lasting(session, Ask(asked.here.path, span, asked.by, asked.flow)).items():
        found.setdefault(belongs(key), []).append(one)
    return {key: durations.together(parts) for key, parts in found.items()}


def _of_hours(definition: Definition, group: Group, now: Lasting, then: Lasting | None) -> Line:
    count, change = Count(now.times.events, now.times.n, now.left), None
    if then is not None:
        told = now.told(definition.code).hours, then.told(definition.code).hours
        change = comparisons.durations(now.times, then.times, durations.SHARES[definition.code], told)
    return Line(group, count, lasting=now.told(definition.code), change=change)


def flat(lines: Iterable[Line]) -> list[Line]:
    """The lines that can be drawn: those with cases."""
    return [line for line in lines if line.count.numerator or line.count.denominator]
