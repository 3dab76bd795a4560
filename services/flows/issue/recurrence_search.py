"""Recurrence search: which of very many issues repeat one that was closed before, by arithmetic on columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.flows.issue import recurrence_place
from services.matters import search
from services.places.distances import METRES_PER_DEGREE, metres

Ints = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
_AROUND = [(east, north) for east in (-1, 0, 1) for north in (-1, 0, 1)]


class Columns:
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


def newest_before(raised: Columns, ended: Columns) -> list[int | None]:
    """For each issue that was raised the id of the newest that ended before it at the same place, within the days."""
    best = _Best(np.full(len(raised), -(2**62)), np.full(len(raised), -1))
    if len(ended):
        _by_point(raised, ended, best)
        _by_words(raised, ended, best)
    return [None if found < 0 else int(found) for found in best.id]


def _by_point(raised: Columns, ended: Columns, best: _Best) -> None:
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


def _cells(rows: Columns, chosen: Ints, wide: float, high: float) -> tuple[Ints, Ints]:
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


def _by_words(raised: Columns, ended: Columns, best: _Best) -> None:
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


def _said(rows: Columns, chosen: Ints, said: dict[tuple[str, str], int]) -> Ints:
    """A number for the category and the place in words; -1 where nothing is said."""
    words = {place: search.folded(place) for place in {rows.words[at] for at in chosen}}
    spoken = ((words[rows.words[at]], rows.categories[at]) for at in chosen)
    return np.array([said.setdefault(pair, len(said)) if pair[0] else -1 for pair in spoken], dtype=np.int64)


def _search(
    raised: Columns, here: Ints, ended: Columns, there: Ints, keys: tuple[Ints, Ints], best: _Best, near: bool
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
