"""Points: matters, those that were brought to their end, and venues, each where it was recorded, never invented."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, not_
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.place import Venue
from services.engine import deadlines, flows, versioned_cache
from services.layers import point_clouds, tiles
from services.layers.map_views import View
from services.matters import case_conditions, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights import reader_texts
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import NotFound
from services.words import vocabulary

SHOWN = 20_000
Collection = dict[str, Any]
# The columns of a point that are said in words, in their order.
_SPOKEN = ("category", "state", "clock")
_PLACED = and_(col(Matter.lng).is_not(None), col(Matter.lat).is_not(None))


def collection(features: Iterable[dict[str, Any]], **facts: Any) -> Collection:
    """A GeoJSON FeatureCollection; ``facts`` stand beside its features."""
    return {"type": "FeatureCollection", **facts, "features": list(features)}


def _point(lng: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lng, lat]}}


def on_map(session: Session, actor: Actor, view: View) -> Collection:
    """The matters that match, as points; as counted squares of the screen when there are more than SHOWN."""
    if point_clouds.more_than(session, actor, view.wanted, SHOWN):
        found = point_clouds.squares(session, actor, view.wanted, view.zoom, view.box)
        return collection((_square(square) for square in found), kind="squares", zoom=view.zoom)
    return _matters(session, actor, view.wanted, "matter")


def results(session: Session, actor: Actor, view: View) -> Collection:
    """What was brought to its end, where that was, of the flows whose finished matters stay on the map.

    Of the filter, area, category and dates apply.
    """
    asked = view.wanted.with_(openness="closed", state="", clock="", source="", unit="", text="", figure="", link="")
    each = [_done(session, actor, asked.with_(flow=flow)) for flow in staying()]
    words = {kind: {code: word for one in each for code, word in one["words"][kind].items()} for kind in _SPOKEN}
    return collection((point for one in each for point in one["features"]), kind="result", words=words)


def staying() -> list[str]:
    """The flows whose finished matters stay on the map, each where it was done."""
    return flows.marked("map", "keeps_when_done")


def _done(session: Session, actor: Actor, wanted: Filter) -> Collection:
    ended = col(Matter.state).in_(case_conditions.done_states(wanted.flow))
    return _matters(session, actor, wanted, "result", ended)


def _square(square: tiles.Square) -> dict[str, Any]:
    return _point(square.lng, square.lat, count=square.count, overdue=square.marked)


def _matters(session: Session, actor: Actor, wanted: Filter, kind: str, *more: ColumnElement[bool]) -> Collection:
    columns = (Matter.lng, Matter.lat, Matter.number, Matter.title, Matter.category, Matter.state)
    query = select(*columns, standing(wanted.flow, clock.now())).where(  # type: ignore[call-overload]
        *matters.conditions(session, actor, wanted), _PLACED, *more
    )
    rows = session.execute(query.order_by(col(Matter.id)).limit(SHOWN)).all()
    read = reader_texts.words(actor)
    features = (_matter(row, wanted.flow, read(row.title)) for row in rows)
    return collection(features, kind=kind, words=_words(rows, wanted.flow, actor.language))


def _matter(row: Any, flow: str, title: str) -> dict[str, Any]:
    lng, lat, number, _, category, state, clock_code = row
    stands = f"{flow}.{state}"  # Two flows may have a state of one name.
    return _point(lng, lat, number=number, title=title, category=category, state=stands, standing=clock_code)


def _words(rows: Iterable[Any], flow: str, language: str) -> dict[str, dict[str, str]]:
    used = {kind: {row[at] or "" for row in rows} for at, kind in enumerate(_SPOKEN, 4)}
    said = {kind: {code: vocabulary.term(kind, code, language) for code in codes} for kind, codes in used.items()}
    states = {f"{flow}.{code}": vocabulary.term(f"state.{flow}", code, language) for code in used["state"]}
    return said | {"state": states}


def standing(flow: str, at: datetime) -> ColumnElement[str]:
    """deadlines.standing as SQL, for thousands of matters of one flow at once."""
    due, closed, told = col(Matter.due_at), not_(matters.is_open()), deadlines.levels(at)
    paused, over = col(Matter.state).in_(flows.states_of_kind(flow, "paused")), col(Matter.hold_until) < at
    return case(
        (and_(closed, col(Matter.on_time).is_(True)), "on_time"),
        (and_(closed, col(Matter.on_time).is_(False)), "late"),
        (closed, "none"),
        (and_(paused, over, due.is_not(None)), "held_late_over"),
        (and_(paused, over), "hold_over"),
        (and_(paused, due.is_not(None)), "held_late"),
        (paused, "paused"),
        (col(Matter.extended_to) >= at, "extended_late"),
        (due.is_(None), "none"),
        (due < told.serious, "serious"),
        (due < at, "overdue"),
        (due < told.soon, "due_soon"),
        else_="on_track",
    )


def unplaced(session: Session, actor: Actor, wanted: Filter) -> int:
    """How many matching matters have no point, counted up to matters.CAP + 1."""
    return versioned_cache.kept(session, actor, ("unplaced", wanted), lambda: _unplaced(session, actor, wanted))


def _unplaced(session: Session, actor: Actor, wanted: Filter) -> int:
    inner = select(Matter.id).where(*matters.conditions(session, actor, wanted), not_(_PLACED))
    return session.exec(select(func.count()).select_from(inner.limit(matters.CAP + 1).subquery())).one()


def venues(session: Session, actor: Actor, view: View) -> Collection:
    """The venues at or below the area in view."""
    found = session.exec(_venues().where(areas.within(view.here.path), col(Venue.lng).is_not(None)))
    words = {code: vocabulary.term("venue", code, actor.language) for code in vocabulary.codes("venue")}
    features = (_point(at.lng, at.lat, code=at.code, name=at.name, sort=at.kind) for at, _ in found)
    return collection(features, kind="venue", words={"venue": words})


def venue(session: Session, actor: Actor, code: str) -> tuple[Venue, Area]:
    """A venue and its area. NotFound where there is none that the actor may see."""
    asked = _venues().where(Venue.code == code, areas.within(actor.area_path))
    found: tuple[Venue, Area] | None = session.exec(asked).first()
    if found is None:
        raise NotFound("There is no venue {code} that you can see. Choose one on the map.", code=code[:40])
    return found


def _venues() -> Any:
    return (
        select(Venue, Area)
        .join(Area, col(Area.id) == Venue.area_id)
        .where(col(Venue.closed_at).is_(None))
        .order_by(col(Venue.code))
        .options(areas.WITHOUT_OUTLINES)
    )
