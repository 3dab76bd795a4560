"""Biography 脉络: everything that ever happened in an area and below it, on one timeline, the newest first.

A page is found by its key, the moment and the event where it begins, never by counting rows. Of a small area the
matters are looked up first; of a large one the log is read backwards, so far and no further, and the page says how far.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from models.area import Area
from models.event import Event
from models.importing import ImportBatch, ImportChange
from models.matter import Matter
from models.matter_count import MatterCount
from models.place import Place
from services.engine import flows, versioned_cache
from services.matters import matters
from services.matters.matters import Filter
from services.places import areas
from services.public import disclosure
from services.rights import reader_texts
from services.rights.permissions import Actor, only_public, reads_all
from services.system import clock

# What an entry may be: a step that comes to a station of the one line, or what is no step.
KINDS = (*flows.STATIONS, "note", "import", "area")
_RECORDED = {"note": ("note",), "import": ("import", "reimport", "import_undone"), "area": ()}
_FEW = 1000
# How many rows of the log are read backwards before the page says how far it has looked.
_LOOKED = (4_000, 16_000)
_MOST_BATCHES = 50
_SECONDS = 60
Key = tuple[datetime, int]
ORDER = (col(Event.at).desc(), col(Event.id).desc())


@dataclass(frozen=True)
class Wanted:
    """What is asked of the biography; empty fields ask nothing. It begins before ``before``, if given."""

    path: str
    flow: str = ""
    kind: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None
    before: Key | None = None


@dataclass(frozen=True)
class Entry:
    """Something that happened: an event on a matter in an area, or a file that was imported and changed ``areas``."""

    at: datetime
    event: Event | None = None
    matter: Matter | None = None
    area: str = ""
    batch: ImportBatch | None = None
    areas: int = 0


@dataclass(frozen=True)
class Page:
    """A page of the biography; ``older`` is where the next one begins, ``short`` that it looked far and found few.

    ``months`` counts by month what there is in all, where that is known: entries, or else matters raised.
    """

    entries: tuple[Entry, ...]
    older: Key | None
    short: bool
    months: dict[int, int]
    counts_entries: bool


def page(session: Session, actor: Actor, wanted: Wanted, limit: int = 40) -> Page:
    """One page, newest first, as this reader may know it; at most a minute old."""
    question = ("biography", wanted, limit)
    return versioned_cache.kept(session, actor, question, lambda: _page(session, actor, wanted, limit), _SECONDS)


def _page(session: Session, actor: Actor, wanted: Wanted, limit: int) -> Page:
    few = _few(session, actor, wanted)
    found, older, short = (
        _first(session, wanted, few, limit) if few is not None else _read(session, actor, wanted, limit)
    )
    entries = [entry for one in found if (entry := _as_read(session, actor, one))]
    entries += _batches(session, actor, wanted, older)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    months = _months(session, wanted, few) if reads_all(actor) else {}
    return Page(tuple(entries), older, short, months, few is not None)


def asked(session: Session, actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """The condition that holds for the events asked for; needs the matter beside the event."""
    return and_(*_of_matters(session, actor, wanted), *_of_events(wanted), _told(actor))


def _told(actor: Actor) -> ColumnElement[bool]:
    """What this reader may know of: the public reads the steps that bring a matter forward."""
    if not only_public(actor):
        return col(Event.id).is_not(None)
    known = ((col(Matter.flow) == flow) & col(Event.action).in_(disclosure.steps(flow)) for flow in flows.flows())
    return or_(*known)


def _of_matters(session: Session, actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    return matters.conditions(session, actor, Filter(path=wanted.path, flow=wanted.flow, text=wanted.text))


def _of_events(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.first:
        found.append(col(Event.at) >= clock.start_of(wanted.first))
    if wanted.last:
        found.append(col(Event.at) < clock.end_of(wanted.last))
    if wanted.kind in flows.STATIONS:
        found.append(_comes_to(wanted.kind))
    elif wanted.kind:
        found.append(col(Event.action).in_(_RECORDED[wanted.kind]))
    return found


def _comes_to(station: str) -> ColumnElement[bool]:
    moved = or_(col(Event.from_state).is_(None), col(Event.from_state) != col(Event.to_state))
    there = ((flow, flows.states_at(flow, station)) for flow in flows.flows())
    at = (and_(col(Matter.flow) == flow, col(Event.to_state).in_(states)) for flow, states in there)
    return and_(moved, or_(false(), *at))


def _few(session: Session, actor: Actor, wanted: Wanted) -> list[int] | None:
    """The matters asked for, where they are few; none where they are many."""
    query = sql_select(col(Matter.id)).where(*_of_matters(session, actor, wanted)).limit(_FEW + 1)
    found = list(session.execute(query).scalars())
    return found if len(found) <= _FEW else None


def _before(key: Key | None) -> list[Any]:
    return [tuple_(col(Event.at), col(Event.id)) < tuple_(*key)] if key else []


def _first(session: Session, wanted: Wanted, few: list[int], limit: int) -> tuple[list[Any], Key | None, bool]:
    """One page of the events of these matters."""
    here = (col(Event.matter_id).in_(few), *_of_events(wanted), *_before(wanted.before))
    inner = sql_select(col(Event.id)).join(Matter, col(Matter.id) == Event.matter_id).where(*here)
    ids = list(session.execute(inner.order_by(*ORDER).limit(limit + 1)).scalars())
    return _rows(session, ids[:limit]), _key(session, ids[limit - 1 :]) if len(ids) > limit else None, False


def _read(session: Session, actor: Actor, wanted: Wanted, limit: int) -> tuple[list[Any], Key | None, bool]:
    """One page, read backwards in the log until it is full or far enough was looked."""
    ids, key, before = list[int](), None, wanted.before
    period = _of_events(Wanted("", first=wanted.first, last=wanted.last))
    for far in _LOOKED:
        log = select(Event.id).where(*period, *_before(before)).order_by(*ORDER).limit(far)
        ids += _holding(session, actor, wanted, log, limit + 1 - len(ids))
        if len(ids) > limit:
            return _rows(session, ids[:limit]), _key(session, ids[limit - 1 :]), False
        key = _key(session, list(session.exec(log.offset(far - 1).limit(1))))
        if key is None:
            break
        before = key
    return _rows(session, ids), key, key is not None


def _holding(session: Session, actor: Actor, wanted: Wanted, log: Any, limit: int) -> list[int]:
    query = sql_select(col(Event.id)).join(Matter, col(Matter.id) == Event.matter_id)
    query = query.where(col(Event.id).in_(log), asked(session, actor, wanted)).order_by(*ORDER).limit(limit)
    return list(session.execute(query).scalars())


def _key(session: Session, ids: list[int]) -> Key | None:
    return (session.get_one(Event, ids[0]).at, ids[0]) if ids else None


def _rows(session: Session, ids: list[int]) -> list[Any]:
    query = (
        sql_select(Event, Matter, col(Area.name))
        .join(Matter, col(Matter.id) == Event.matter_id)
        .join(Area, col(Area.id) == Matter.area_id)
        .where(col(Event.id).in_(ids))
    )
    found = {row[0].id: row for row in session.execute(query)}
    return [found[one] for one in ids]


def _as_read(session: Session, actor: Actor, row: Any) -> Entry | None:
    event, matter, area = row
    told = disclosure.history(session, actor, matter.flow, [event])
    return Entry(told[0].at, told[0], reader_texts.shown(actor, matter), area) if told else None


def _batches(session: Session, actor: Actor, wanted: Wanted, older: Key | None) -> list[Entry]:
    """The files that were imported into the place in view, or changed its areas, in the time of the page."""
    if not reads_all(actor) or wanted.flow or wanted.text or wanted.kind not in ("", "import", "area"):
        return []
    query = select(ImportBatch).order_by(col(ImportBatch.at).desc()).limit(_MOST_BATCHES)
    bounds = [col(ImportBatch.at) >= clock.start_of(wanted.first)] if wanted.first else []
    bounds += [col(ImportBatch.at) < clock.end_of(wanted.last)] if wanted.last else []
    bounds += [col(ImportBatch.at) < wanted.before[0]] if wanted.before else []
    bounds += [col(ImportBatch.at) >= older[0]] if older else []
    changed = _changed(session, wanted.path)
    here = select(Place.id).join(Area, col(Area.id) == Place.area_id).where(areas.within(wanted.path))
    into = or_(col(ImportBatch.place_id).in_(here), col(ImportBatch.id).in_(changed))
    found = session.exec(query.where(into, *bounds)).all()
    told = [Entry(one.at, batch=one, areas=changed.get(one.id, 0)) for one in found]
    return [entry for entry in told if entry.areas or wanted.kind != "area"]


def _changed(session: Session, path: str) -> dict[int, int]:
    """How many areas at or below ``path`` each import made or changed."""
    query = (
        select(ImportChange.batch_id, func.count())
        .join(Area, and_(col(Area.id) == ImportChange.row_id, col(ImportChange.kind) == "area"))
        .where(areas.within(path))
        .group_by(col(ImportChange.batch_id))
    )
    return dict(session.exec(query).all())


def _months(session: Session, wanted: Wanted, few: list[int] | None) -> dict[int, int]:
    """By month: how many events these few matters have, or how many matters were raised; none under other questions."""
    if few is not None:
        here = (col(Event.matter_id).in_(few), *_of_events(wanted))
        query = sql_select(col(Event.at)).join(Matter, col(Matter.id) == Event.matter_id).where(*here)
        return dict(Counter(map(clock.month_of, session.execute(query).scalars())))
    if wanted.kind or wanted.text or wanted.first or wanted.last:
        return {}
    counted = select(MatterCount.opened_month, func.sum(MatterCount.n)).join(Area, col(Area.id) == MatterCount.area_id)
    counted = counted.where(areas.within(wanted.path)).group_by(col(MatterCount.opened_month))
    counted = counted.where(MatterCount.flow == wanted.flow) if wanted.flow else counted
    return {month: int(n) for month, n in session.exec(counted)}
