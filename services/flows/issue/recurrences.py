"""Recurrences 回潮: an issue whose category comes up again at the place where it was closed a short while ago.

One at a time by a query, and very many after an import by arithmetic on columns; both say the same.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, SQLModel, col, or_, select

from models.matter import Matter
from services.flows.issue import recurrence_place
from services.flows.issue.recurrence_place import Place
from services.flows.issue.recurrence_search import Columns, newest_before
from services.places.distances import box
from services.system.seals.rows import rewritten

_BATCH = 5000
_AT_ONCE, _SPREAD = 50_000, 4


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
    ended = Columns(closed_before(session, raised))
    found = newest_before(Columns([row[:7] for row in raised]), ended)
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


def closed_before(session: Session, raised: Collection[Any], among: Collection[int] | None = None) -> list[Any]:
    """The closed issues that any of the rows may repeat, or those of them whose ids are ``among`` some.

    Rows are (id, area, place in words, lng, lat, category, moment).
    """
    moments = [row[6] for row in raised]
    query = select(*_columns(), col(Matter.closed_at)).where(  # type: ignore[call-overload]
        *recurrence_place.ended(),
        col(Matter.category).in_({row[5] for row in raised}),
        col(Matter.closed_at) >= min(moments) - recurrence_place.days(),
        col(Matter.closed_at) < max(moments),
    )
    parts = [query] if among is None else [query.where(col(Matter.id).in_(part)) for part in _pieces(sorted(among))]
    return [row for part in parts for row in session.execute(part)]
