"""Durations: how long matters take from raised to closed, with those still open counted as far as they have come.

Natural hours, whole ones. Closed issues come as counts by hour, which the database keeps; open ones are measured now.
Closed issues without a known closing time are left out, and their number is said; so are all of a ledger that has no
closing times, open ones too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.matter_count import MatterLasting
from services.engine import flows
from services.figures import kept_counts, survival, word_counts
from services.figures.indicators import elsewhere
from services.figures.kept_counts import Ask, Key
from services.figures.survival import Times
from services.matters import case_conditions, case_words
from services.places import areas
from services.rules.rules import rule
from services.system import clock, db

SHARES = {"duration_median": 0.5, "duration_p90": 0.9}
elsewhere(*SHARES)

Pairs = dict[Key, list[tuple[int, int]]]


@dataclass(frozen=True)
class Duration:
    """A quantile in whole hours, none where it is not reached yet; ``low`` and ``high`` are its 95 % interval,
    none where that is open and where too few are closed to have one.

    ``longest`` is the longest of all ``n`` times; ``unknown`` more are closed, but it is not known when; ``left`` more
    came from a ledger without closing times.
    """

    hours: int | None
    low: int | None
    high: int | None
    longest: int
    n: int
    unknown: int
    left: int = 0


@dataclass(frozen=True)
class Lasting:
    """The times of some matters; ``unknown`` more are closed, nobody knows when; ``left`` have no such column."""

    times: Times
    unknown: int = 0
    left: int = 0

    def told(self, code: str) -> Duration:
        """The quantile that the indicator ``code`` names."""
        share, few = SHARES[code], self.times.events < rule("ranking.minimum").value
        low, high = (None, None) if few else survival.interval(self.times, share)
        hours = survival.quantile(self.times, share)
        return Duration(hours, low, high, self.times.longest, self.times.n, self.unknown, self.left)


NOTHING = Lasting(survival.times([]))


def lasting(session: Session, ask: Ask) -> dict[Key, Lasting]:
    """The times of the matters raised in the span, by area, unit, category or month."""
    ask = ask.of(ask.flow or flows.first())
    closed, waiting = _closed(session, ask), _waiting(session, ask)
    done, left = _counted(session, ask)
    unknown = {key: n - sum(many for _, many in closed.get(key, ())) for key, n in done.items()}
    return {
        key: Lasting(survival.times(closed.get(key, ()), waiting.get(key, ())), unknown.get(key, 0), left.get(key, 0))
        for key in {**closed, **waiting, **unknown, **left}
    }


def together(parts: Iterable[Lasting]) -> Lasting:
    """Several as one."""
    kept = list(parts)
    unknown, left = sum(one.unknown for one in kept), sum(one.left for one in kept)
    return Lasting(survival.together(one.times for one in kept), unknown, left)


def _closed(session: Session, ask: Ask) -> Pairs:
    keys = {"unit": MatterLasting.unit_id, "category": MatterLasting.category, "month": MatterLasting.opened_month}
    key: Any = keys.get(ask.by, MatterLasting.area_id)
    query = select(key, MatterLasting.hours, func.sum(MatterLasting.n)).where(
        col(MatterLasting.area_id).in_(select(Area.id).where(areas.within(ask.path))),
        MatterLasting.flow == ask.flow,
        col(MatterLasting.state).in_(case_conditions.done_states(ask.flow)),
    )
    if ask.span:
        query = query.where(col(MatterLasting.opened_month).between(ask.span.first, ask.span.last))
    return _paired(session.execute(query.group_by(col(key), col(MatterLasting.hours))))


def _waiting(session: Session, ask: Ask) -> Pairs:
    keys: dict[str, Any] = {
        "unit": func.coalesce(col(Matter.unit_id), 0),
        "category": func.coalesce(col(Matter.category), ""),
        "month": col(Matter.opened_month),
    }
    key: Any = keys.get(ask.by, col(Matter.area_id))
    hours = db.whole_hours(session, col(Matter.opened_at), clock.now()).label("hours")
    query = select(key, hours, func.count()).where(
        col(Matter.area_id).in_(select(Area.id).where(areas.within(ask.path))),
        case_words.WORDS["waiting"](ask.flow),
        Matter.flow == ask.flow,
    )
    if ask.span:
        query = query.where(col(Matter.opened_month).between(ask.span.first, ask.span.last))
    return _paired(session.execute(query.group_by(key, hours)))


def _paired(found: Iterable[Any]) -> Pairs:
    pairs: Pairs = defaultdict(list)
    for key, hours, n in found:
        if n > 0:
            pairs[key].append((max(0, int(hours)), int(n)))
    return pairs


def _counted(session: Session, ask: Ask) -> tuple[dict[Key, int], dict[Key, int]]:
    """How many are brought to their end by ledgers that say when, and how many are left out because theirs doesn't."""
    found: tuple[dict[Key, int], dict[Key, int]] = defaultdict(int), defaultdict(int)
    tallies = (word_counts.tally([word], ask.flow) for word in ("duration_told", "duration_untold"))
    for key, month, counts in kept_counts.kept(session, ask, *tallies):
        for summed, n in zip(found, counts, strict=True):
            if n:
                summed[month if ask.by == "month" else key] += n
    return found
