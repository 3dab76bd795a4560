"""Clouds: the points of very many matters, kept in memory and brought up to date from the event log."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, case
from sqlmodel import Session, col, func, select

from models.event import Event
from models.matter import Matter
from services.engine import events
from services.layers import tiles
from services.layers.tiles import Box, Cloud, Square
from services.matters import matters
from services.matters.matters import Filter
from services.places import ground_version
from services.rights.permissions import Actor, sight
from services.system import clock
from services.system.memory.result_cache import Memo

_MANY_CHANGES = 5_000
_PLACED = and_(col(Matter.lng).is_not(None), col(Matter.lat).is_not(None))


@dataclass(frozen=True)
class _Held:
    version: int
    ids: NDArray[np.int64]
    points: Cloud


# A million points weigh 25 MB; the area of a whole city has so many.
_CLOUDS = Memo(room=16, megabytes=128)


def more_than(session: Session, actor: Actor, wanted: Filter, limit: int) -> bool:
    """Whether more than ``limit`` matching matters have a point."""
    held: _Held | None = _CLOUDS.get(_key(session, actor, wanted))
    # An event concerns one matter, so that many events later at most that many are gone.
    if held and len(held.ids) - (events.newest(session) - held.version) > limit:
        return True
    inner = select(Matter.id).where(*matters.conditions(session, actor, wanted), _PLACED).limit(limit + 1)
    return session.exec(select(func.count()).select_from(inner.subquery())).one() > limit


def squares(session: Session, actor: Actor, wanted: Filter, zoom: int, box: Box | None) -> list[Square]:
    """The matching matters counted in squares of the screen at ``zoom``, within ``box`` if there is one."""
    points = _current(session, actor, wanted).points
    return tiles.squares(tiles.inside(points, box) if box else points, zoom)


def _current(session: Session, actor: Actor, wanted: Filter) -> _Held:
    key, version = _key(session, actor, wanted), events.newest(session)
    held: _Held | None = _CLOUDS.get(key)
    if held is None or held.version > version:
        held = _load(session, actor, wanted, version)
    elif held.version < version:
        held = _caught_up(session, actor, wanted, held, version)
    else:
        return held
    _CLOUDS.put(key, held, actor.account_id)
    return held


def _key(session: Session, actor: Actor, wanted: Filter) -> tuple[Any, ...]:
    # Clocks run without events: what was overdue a quarter of an hour ago is near enough for a coloured ring.
    tick = clock.now().timestamp() // 900
    # After an undo the ids of the events that were taken back are given again.
    made = str(session.get_bind().engine.url), ground_version.ground(session)
    return *made, wanted, sight(actor), tick


def _rows(session: Session, actor: Actor, wanted: Filter, *more: Any) -> tuple[NDArray[np.int64], Cloud]:
    late = case((matters.overdue(clock.now()), 1), else_=0)
    query = select(Matter.id, Matter.lng, Matter.lat, late).where(
        *matters.conditions(session, actor, wanted), _PLACED, *more
    )
    # Row by row into one array: a list of a million rows would cost ten times the memory and the time.
    values = (value for row in session.execute(query).yield_per(10_000) for value in row)
    table = np.fromiter(values, np.float64).reshape(-1, 4)
    return table[:, 0].astype(np.int64), tiles.cloud(table[:, 1], table[:, 2], table[:, 3] > 0)


def _load(session: Session, actor: Actor, wanted: Filter, version: int) -> _Held:
    return _Held(version, *_rows(session, actor, wanted))


def _caught_up(session: Session, actor: Actor, wanted: Filter, held: _Held, version: int) -> _Held:
    since = select(Event.matter_id).where(col(Event.id) > held.version).distinct().limit(_MANY_CHANGES)
    changed = np.array(session.exec(since).all(), np.int64)
    if len(changed) == _MANY_CHANGES:
        return _load(session, actor, wanted, version)
    ids, points = _rows(session, actor, wanted, col(Matter.id).in_(changed.tolist()))
    kept, old = ~np.isin(held.ids, changed), held.points
    pairs = ((old.x, points.x), (old.y, points.y), (old.marked, points.marked))
    joined = Cloud(*(np.concatenate([before[kept], after]) for before, after in pairs))
    return _Held(version, np.concatenate([held.ids[kept], ids]), joined)
