"""Begin: the one birth of a matter, by a person's hand or by an arrow of another flow; what it takes, [begin] says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from models.area import Area
from models.matter import Link as Tie
from models.matter import Matter
from models.place import Forum
from services.engine import deadlines, events, fields, flows, workflow
from services.engine.flows import BIRTH, Arrow, Link
from services.places import areas, serials
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.vocabulary import Word

Inputs = dict[str, Any]

# What a word of a link copies, where it is no column of its own name.
_COPIED = {"area": ("area_id",), "point": ("lng", "lat"), "unit": ("unit_id",), "due": ("due_at",)}
# What the row says of every matter, its first event need not say again.
_IN_THE_ROW = ("title", "description", "category", "source", "location", "area", "point")


def begin(
    session: Session,
    actor: Actor,
    flow: str,
    inputs: Inputs,
    *,
    origin: Matter | None = None,
    link: Link | None = None,
    at: datetime | None = None,
) -> Matter:
    """Begin a matter of ``flow`` from what was entered; Refused without the right, or with what to enter instead.

    One that grows from ``origin`` by ``link`` takes over what the link copies and is asked for the rest. Where an arrow
    of the origin begins it, that arrow's right was the only one; a person's was asked of the origin, by ``links.add``.
    """
    birth, at = flows.birth(flow), at or clock.now()
    permitted = link is not None and link.when == "here"
    with workflow.underway(flow, BIRTH):
        matter = _draft(birth, origin, link, at)
        area = _settle(session, matter, inputs, origin)
        if not permitted and (origin is None or area.id != origin.area_id):
            require(actor, birth.act, area.path)
        values = workflow.checked(session, matter, asked(birth, link), inputs)
        fields.keep(matter, birth.needs, values)
        matter.area_id = area.id
        _number(session, matter, area)
        _tie(session, matter, origin, link)
        deadlines.set_due(session, matter, birth, values, at, history=())
        workflow.bear(session, actor, matter, values)
        _write(session, actor, matter, birth, values, origin, at)
        return _go_on(session, actor, matter, "" if permitted else area.path, inputs, at)


def _draft(birth: Arrow, origin: Matter | None, link: Link | None, at: datetime) -> Matter:
    source = str(flows.flow(birth.flow).part("begin").get("source", "staff"))
    empty: dict[str, Any] = dict.fromkeys(("number", "title"), "") | {"area_id": None}
    month = clock.month_of(at)
    matter = Matter(**empty, flow=birth.flow, state=birth.target, source=source, opened_at=at, opened_month=month)
    if origin is not None and link is not None:
        _copy(matter, origin, link.words)
    return matter


def _copy(matter: Matter, origin: Matter, words: tuple[str, ...]) -> None:
    for word in words:
        for column in _COPIED.get(word, (word,)):
            setattr(matter, column, getattr(origin, column))
    # What is being decided again is not out yet; the next notice makes what hangs on it public.
    matter.public = matter.public and flows.state(origin.flow, origin.state).public == "decision"


def _settle(session: Session, matter: Matter, inputs: Inputs, origin: Matter | None) -> Area:
    """Where the matter belongs: what was copied, or as [begin] says."""
    if matter.area_id:
        return session.get_one(Area, matter.area_id)
    how = str(flows.flow(matter.flow).part("begin").get("area", "origin"))
    area = _AREAS[how](session, matter, inputs, origin)
    matter.area_id = area.id
    return area


def _around_point(session: Session, matter: Matter, inputs: Inputs, _origin: Matter | None) -> Area:
    """The smallest area around the point; the one chosen, where there is no point or nothing around it."""
    if inputs.get("point") is not None:
        lng, lat = fields.one(session, matter, "point", inputs["point"])
        if found := areas.at_point(session, lng, lat):
            return found
        if not inputs.get("area"):
            raise Refused("This point lies outside every area. Tap inside the boundary, or choose the area by name.")
    return _chosen(session, matter, inputs, None)


def _chosen(session: Session, matter: Matter, inputs: Inputs, _origin: Matter | None) -> Area:
    found: Area = fields.one(session, matter, "area", inputs.get("area"))
    return found


def _of_forum(session: Session, _matter: Matter, inputs: Inputs, _origin: Matter | None) -> Area:
    forum = session.exec(select(Forum).where(Forum.code == clean(inputs.get("forum")))).first()
    if forum is None or forum.closed_at is not None:
        raise Refused("Choose the forum that takes this topic.")
    return session.get_one(Area, forum.area_id)


def _of_origin(session: Session, matter: Matter, _inputs: Inputs, origin: Matter | None) -> Area:
    if origin is None:
        raise Refused(
            "{flow} is begun from another matter. Open that one and add it there.", flow=Word("flow", matter.flow)
        )
    return session.get_one(Area, origin.area_id)


AREAS = ("point", "chosen", "forum", "origin")
_AREAS: dict[str, Callable[[Session, Matter, Inputs, Matter | None], Area]] = dict(
    zip(AREAS, (_around_point, _chosen, _of_forum, _of_origin), strict=True)
)


def asked(birth: Arrow, link: Link | None) -> Arrow:
    """The birth as it is asked for where a link copies some of its fields."""
    copied = link.words if link else ()
    return Arrow(**{**vars(birth), "needs": tuple(need for need in birth.needs if need.name not in copied)})


def _number(session: Session, matter: Matter, area: Area) -> None:
    matter.number = serials.take(session, areas.place_of(session, area).prefix)[0]
    session.add(matter)
    session.flush()


def _tie(session: Session, matter: Matter, origin: Matter | None, link: Link | None) -> None:
    if origin is None or link is None:
        return
    if link.when == "in":
        matter.parent_id = origin.id
    else:
        session.add(Tie(source_id=origin.id, target_id=matter.id, kind=link.kind))


def _write(
    session: Session,
    actor: Actor,
    matter: Matter,
    birth: Arrow,
    values: dict[str, Any],
    origin: Matter | None,
    at: datetime,
) -> None:
    note = str(values.pop("note", ""))
    data = {name: value for name, value in fields.plain(values).items() if name not in _IN_THE_ROW}
    data |= {"origin": origin.number} if origin else {}
    events.append(session, matter, actor, BIRTH, note=note, data=data, at=at)
    session.flush()
    workflow.spread(session, actor, matter, birth, values, at, "after")


def _go_on(session: Session, actor: Actor, matter: Matter, path: str, inputs: Inputs, at: datetime) -> Matter:
    """Take the arrow that [begin] takes at once; ``path`` is where its right is asked, if it is."""
    arrow = flows.arrow(matter.flow, matter.state, str(flows.flow(matter.flow).part("begin").get("arrow", "")))
    if arrow is not None:
        if path:
            require(actor, arrow.act, path)
        workflow.follow(session, actor, matter, arrow.action, inputs, at)
    return matter
