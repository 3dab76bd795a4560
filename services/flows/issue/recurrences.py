"""Recurrences 回潮: an issue whose category comes up again at the place where it was closed a short while ago.

One at a time by a query, and very many after an import by arithmetic on columns; both say the same.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, SQLModel, col, or_, select

from models.matter import Matter
from services.flows.issue import recurrence_place
from services.flows.issue.recurrence_place import Place
from services.matters import search
from services.places.distances import METRES_PER_DEGREE, box, metres
from services.system.seals.rows import rewritten

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
_BATCH = 5000
_AT_ONCE, _SPREAD = 50_000, 4
_AROUND = [(east, north) for east in (-1, 0, 1) for north in (-1, 0, 1)]


def find(session: Session, matter: Matter) -> None:
    """Set ``matter.repeats_id``: the newest issue of its category closed at the same place within the days of the rule.

    The same place is two points within the metres of the rule; where either has no point, the same area and the same
    place in words. Asked when a category is set, at creation, filing and import.
    """
    matter.repeats_id = None
    if matter.category is None or matter.flow != "issue":
        return
    place = Place(matter.id, matter.area_id, matter.location, matter.lng, matter.lat, matter.opened_at)
    matter.repeats_id = _newest(place, _closed(session, place, matter.category))


def _closed(session: Session, place: Place, category: str) -> list[Place]:
    within = (col(Matter.closed_at) >= place.at - recurrence_place.days()) & (col(Matter.closed_at) < place.at)
    here: ColumnElement[bool] = col(Matter.area_id) == place.area_id
    if place.lng is not None and place.lat is not None:
        west, south, east, north = box(place.lng, place.lat, recurrence_place.near())
        close = col(Matter.lng).between(west, east) & col(Matter.lat).between(south, north)
        here = or_(close, here & col(Matter.lng).is_(None))
    query = select(*recurrence_place.columns()).where(
        *recurrence_place.ended(), col(Matter.category) == category, within, here, col(Matter.id) != place.id
    )
    return [Place(*row) for row in session.execute(query)]


def _newest(place: Place, closed: Sequence[Place]) -> int | None:
    same = [other for other in closed if recurrence_place.same(place, other)]
    return max(same, key=lambda other: (other.at, other.id)).id if same else None


def mark(session: Session, ids: Collection[int]) -> int:
    """Set ``repeats_id`` of these issues as ``find`` would; returns how many are recurrences.

    Very many are taken in the order they were raised, some at a time: memory holds those and what closed before them.
    """
    return sum(_mark(session, part) for part in _parts(session, ids))


def _parts(session: Session, ids: Collection[int]) -> Iterable[Collection[int]]:
    if len(ids) <= _AT_ONCE:
        return [ids]
    query = select(Matter.id, Matter.opened_at).where(col(Matter.id).between(min(ids), max(ids)))
    rows = session.connection().execute(query.execution_options(yield_per=_BATCH))
    pairs = np.fromiter((value for id_, at in rows for value in (id_, at.timestamp())), float).reshape(-1, 2)
    kept = pairs[np.isin(pairs[:, 0], np.fromiter(ids, float))]
    ordered = kept[np.argsort(kept[:, 1], kind="stable"), 0].astype(np.int64)
    return (ordered[at : at + _AT_ONCE].tolist() for at in range(0, len(ordered), _AT_ONCE))


def _mark(session: Session, ids: Collection[int]) -> int:
    wanted = [*_columns(), Matter.opened_at, Matter.repeats_id]
    raised = [row for row in _rows(session, wanted, ids) if row[5] is not None]
    if not raised:
        return 0
    ended = _Columns(_closed_before(session, raised))
    found = _found(_Columns([row[:7] for row in raised]), ended)
    changed = [{"key": row[0], "repeats": value} for row, value in zip(raised, found, strict=True) if value != row[7]]
    table = SQLModel.metadata.tables["matter"]
    put = table.update().where(table.c.id == bindparam("key")).values(repeats_id=bindparam("repeats"))
    for at in range(0, len(changed), _BATCH):
        session.connection().execute(put, changed[at : at + _BATCH])
    rewritten(session, "matter", [{"id": row["key"]} for row in changed], ["repeats_id"])
    return sum(value is not None for value in found)


def _columns() -> list[Any]:
    return [Matter.id, Matter.area_id, Matter.location, Matter.lng, Matter.lat, Matter.category]


def _rows(session: Session, columns: list[Any], ids: Collection[int]) -> Iterable[Any]:
    # Imported rows stand side by side: a stretch of ids is read faster than each by itself.
    kept = frozenset(ids)
    if not kept:
        return []
    stretch = col(Matter.id).between(min(kept), max(kept))
    dense = max(kept) - min(kept) < _SPREAD * len(kept)
    parts = [stretch] if dense else [col(Matter.id).in_(part) for part in _pieces(sorted(kept))]
    found = (row for part in parts for row in session.execute(select(*columns).where(part, Matter.flow == "issue")))
    return [row for row in found if row[0] in kept]


def _pieces(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + 900] for at in range(0, len(ids), 900))


def _closed_before(session: Session, raised: list[Any]) -> list[Any]:
    moments = [row[6] for row in raised]
    return list(
        session.execute(
            select(*_columns(), col(Matter.closed_at)).where(  # type: ignore[call-overload]
                *recurrence_place.ended(),
                col(Matter.category).in_({row[5] for row in raised}),
                col(Matter.closed_at) >= min(moments) - recurrence_place.days(),
                col(Matter.closed_at) < max(moments),
            )
        )
    )


class _Columns:
    """Rows of (id, area, place in words, lng, lat, category, moment) as arrays."""

    def __init__(self, rows: list[Any]) -> None:
        columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 7
        ids, areas, words, lng, lat, categories, moments = columns
        self.words: tuple[str, ...] = words
        self.categories: tuple[str, ...] = categories
        self.id, self.area = np.array(ids, dtype=np.int64), np.array(areas, dtype=np.int64)
        self.lng, self.lat = np.array(lng, dtype=float), np.array(lat, dtype=float)
        self.at = np.array([round(moment.timestamp() * 1e6) for moment in moments], dtype=np.int64)
        self.placed: Mask = ~(np.isnan(self.lng) | np.isnan(self.lat))

    def __len__(self) -> int:
        return len(self.id)


@dataclass
class _Best:
    """The newest closed issue found so far for each raised one; -1 for none."""

    at: Ints
    id: Ints

    def take(self, rows: Ints, at: Ints, ids: Ints) -> None:
        """Keep the newer one; of two closed in the same moment, the later number."""
        newer = (at > self.at[rows]) | ((at == self.at[rows]) & (ids > self.id[rows]))
        self.at[rows[newer]], self.id[rows[newer]] = at[newer], ids[newer]


def _found(raised: _Columns, ended: _Columns) -> list[int | None]:
    best = _Best(np.full(len(raised), -(2**62)), np.full(len(raised), -1))
    if len(ended):
        _by_point(raised, ended, best)
        _by_words(raised, ended, best)
    return [None if found < 0 else int(found) for found in best.id]


def _by_point(raised: _Columns, ended: _Columns, best: _Best) -> None:
    here, there = np.flatnonzero(raised.placed), np.flatnonzero(ended.placed)
    if not (len(here) and len(there)):
        return
    codes = {code: at for at, code in enumerate(sorted({*raised.categories, *ended.categories}))}
    step = recurrence_place.near() / METRES_PER_DEGREE * 1.01
    lats = np.concatenate([raised.lat[here], ended.lat[there]])
    wide = step / max(0.01, float(np.cos(np.radians(min(89.0, np.abs(lats).max())))))
    kinds = _kinds(raised.categories, codes)[here], _kinds(ended.categories, codes)[there]
    cells = _cells(ended, there, wide, step)
    for east, north in _AROUND:
        x, y = _cells(raised, here, wide, step)
        keys = _keys((kinds[0], x + east, y + north), (kinds[1], *cells))
        _search(raised, here, ended, there, keys, best, near=True)


def _kinds(categories: Iterable[str], codes: dict[str, int]) -> Ints:
    return np.array([codes[code] for code in categories], dtype=np.int64)


def _cells(rows: _Columns, chosen: Ints, wide: float, high: float) -> tuple[Ints, Ints]:
    return (
        np.floor(rows.lng[chosen] / wide).astype(np.int64),
        np.floor(rows.lat[chosen] / high).astype(np.int64),
    )


def _keys(one: tuple[Ints, ...], other: tuple[Ints, ...]) -> tuple[Ints, Ints]:
    """The same number for the same combination of columns."""
    whole = np.zeros(len(one[0]) + len(other[0]), dtype=np.int64)
    for left, right in zip(one, other, strict=True):
        part = np.unique(np.concatenate([left, right]), return_inverse=True)[1].astype(np.int64)
        whole = np.unique(whole * (int(part.max()) + 1) + part, return_inverse=True)[1].astype(np.int64)
    return whole[: len(one[0])], whole[len(one[0]) :]


def _by_words(raised: _Columns, ended: _Columns, best: _Best) -> None:
    for here, there in ((raised.placed, ~ended.placed), (~raised.placed, np.ones(len(ended), dtype=bool))):
        rows, others = np.flatnonzero(here), np.flatnonzero(there)
        if len(rows) and len(others):
            said: dict[tuple[str, str], int] = {}
            mine, theirs = _said(raised, rows, said), _said(ended, others, said)
            rows, mine = rows[mine >= 0], mine[mine >= 0]
            others, theirs = others[theirs >= 0], theirs[theirs >= 0]
            if len(rows) and len(others):
                keys = _keys((mine, raised.area[rows]), (theirs, ended.area[others]))
                _search(raised, rows, ended, others, keys, best, near=False)


def _said(rows: _Columns, chosen: Ints, said: dict[tuple[str, str], int]) -> Ints:
    """A number for the category and the place in words; -1 where nothing is said."""
    words = {place: search.folded(place) for place in {rows.words[at] for at in chosen}}
    spoken = ((words[rows.words[at]], rows.categories[at]) for at in chosen)
    return np.array([said.setdefault(pair, len(said)) if pair[0] else -1 for pair in spoken], dtype=np.int64)


def _search(
    raised: _Columns, here: Ints, ended: _Columns, there: Ints, keys: tuple[Ints, Ints], best: _Best, near: bool
) -> None:
    """For each raised issue walk back from the newest that was closed before it, under the same key."""
    order = np.lexsort((ended.id[there], ended.at[there], keys[1]))
    there, theirs = there[order], keys[1][order]
    moments = np.unique(np.concatenate([raised.at[here], ended.at[there]]))
    rank = np.searchsorted(moments, ended.at[there])
    at = np.searchsorted(
        theirs * len(moments) + rank, keys[0] * len(moments) + np.searchsorted(moments, raised.at[here])
    )
    oldest, rows, mine, spot = (
        raised.at[here] - int(recurrence_place.days().total_seconds() * 1e6),
        here,
        keys[0],
        at - 1,
    )
    while len(rows):
        alive = spot >= 0
        alive[alive] = (theirs[spot[alive]] == mine[alive]) & (ended.at[there[spot[alive]]] >= oldest[alive])
        rows, mine, spot, oldest = rows[alive], mine[alive], spot[alive], oldest[alive]
        other = there[spot]
        hit = ended.id[other] != raised.id[rows]
        if near:
            apart = metres(raised.lng[rows], raised.lat[rows], ended.lng[other], ended.lat[other])
            hit &= apart <= recurrence_place.near()
        best.take(rows[hit], ended.at[other[hit]], ended.id[other[hit]])
        rows, mine, spot, oldest = rows[~hit], mine[~hit], spot[~hit] - 1, oldest[~hit]
