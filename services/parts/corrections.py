"""Corrections 更正: what was written down wrong is put right, of a matter of any flow, in any state.

One act with a reason. The old value stays in the chain beside the new one; what hangs beside a matter and what copied
the old words from it follow. What may be corrected is what the flow's rows keep on the matter, and what the rooms that
keep something beside it offer with ``beside``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from services.engine import events, fields, flows, links, workflow
from services.engine.definition import Field
from services.engine.event_names import CORRECTED
from services.matters import search
from services.places import areas
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import Refused

ACT = "matter.correct"
# The area stands before the unit: which units may be chosen depends on it.
_COLUMNS = ("title", "description", "category", "area", "point", "location", "unit")
# What may be taken away altogether; of everything else there is a right value.
_MAY_BE_EMPTY = ("description", "location", "point")
Values = dict[str, Any]


@dataclass(frozen=True)
class Correctable:
    """A value that may be corrected: its name and field, what it says now, as an event keeps it, and how it is set."""

    name: str
    field: Field
    value: Any
    put: Callable[[Any], None]

    @property
    def may_be_empty(self) -> bool:
        """Whether nothing is a right value too."""
        return self.name in _MAY_BE_EMPTY


Offer = Callable[[Session, Matter], list[Correctable]]
Follower = Callable[[Session, Matter, frozenset[str]], None]
_BESIDE: list[Offer] = []
_FOLLOWERS: list[Follower] = []
F = TypeVar("F", Offer, Follower)


def beside(function: Offer) -> Offer:
    """Offer what the function says of what is kept beside a matter."""
    _BESIDE.append(function)
    return function


def follows(function: Follower) -> Follower:
    """Run the function with the names of what was corrected, before the event: to check it, and to let things follow.

    What it reads is not flushed before it: it may refuse what the database would.
    """
    _FOLLOWERS.append(function)
    return function


def offered(session: Session, matter: Matter) -> list[Correctable]:
    """What may be corrected of a matter as it stands: its own values, its flow's, and those beside it."""
    return [
        *_columns(session, matter),
        *_details(matter),
        *(one for offer in _BESIDE for one in offer(session, matter)),
    ]


def correct(session: Session, actor: Actor, number: str, version: int, inputs: Values, reason: str) -> Matter:
    """Put right what ``inputs`` say otherwise, for a reason; Refused without one, and where nothing is different."""
    matter = workflow.claim(session, actor, number, version, ACT)
    note = fields.one(session, matter, "note", reason)
    with session.no_autoflush:
        before, after = _put_all(session, matter, inputs)
        if not after:
            raise Refused("Nothing is different from what is on record. Change what is wrong, or close the form.")
        require(actor, ACT, session.get_one(Area, matter.area_id).path)
        _settle(session, matter, frozenset(after))
    _write(session, actor, matter, note, before, after)
    return matter


def _write(session: Session, actor: Actor, matter: Matter, note: str, before: Values, after: Values) -> None:
    events.append(session, matter, actor, CORRECTED, note=note, data={"before": before, "after": after})
    session.flush()
    search.index(session, [matter])
    with workflow.underway(matter.id, CORRECTED):
        _carry_on(session, actor, matter, before, after)


def _put_all(session: Session, matter: Matter, inputs: Values) -> tuple[Values, Values]:
    known = {one.name: one for one in offered(session, matter)}
    if unknown := sorted(inputs.keys() - known.keys()):
        raise Refused("{name} can't be corrected here. Take the step that changes it.", name=unknown[0])
    inputs = inputs | _around(session, matter, known, inputs)
    before, after, was_on_time = Values(), Values(), matter.on_time
    for one in (one for one in known.values() if one.name in inputs):
        value = _read(session, matter, one, inputs[one.name])
        if plain(value) != one.value:
            one.put(value)
            before[one.name], after[one.name] = one.value, plain(value)
    if {"due", "opened"} & after.keys():
        _check_times(matter)
    if matter.on_time != was_on_time:
        before["on_time"], after["on_time"] = was_on_time, matter.on_time
    return before, after


def _around(session: Session, matter: Matter, known: dict[str, Correctable], inputs: Values) -> Values:
    """The area, where a corrected point says it; said by hand it stands as it was said."""
    by_point = flows.flow(matter.flow).part("begin").get("area") == "point"
    if not (by_point and inputs.get("point") and "area" in known) or "area" in inputs:
        return {}
    found = areas.at_point(session, *fields.one(session, matter, "point", inputs["point"]))
    if found is None:
        raise Refused("This point lies outside every area. Tap inside the boundary, or choose the area by name.")
    return {"area": found.code}


def _read(session: Session, matter: Matter, one: Correctable, value: Any) -> Any:
    if one.may_be_empty and value in (None, ""):
        return None if one.field.type == "point" else ""
    return fields.TYPES[one.field.type](session, matter, one.field, value)


def _settle(session: Session, matter: Matter, names: frozenset[str]) -> None:
    for function in _FOLLOWERS:
        function(session, matter, names)


def plain(value: Any) -> Any:
    """A value as an event keeps it: moments in the office's time."""
    return clock.local(value).isoformat() if isinstance(value, datetime) else fields.plain({"": value})[""]


def _columns(session: Session, matter: Matter) -> list[Correctable]:
    """The columns of a matter that its flow's rows keep there, and its two dates."""
    known = flows.flow(matter.flow).fields
    own = [name for name in _COLUMNS if name in known and known[name].keep == name]
    found = [Correctable(name, known[name], _present(session, matter, name), _putter(matter, name)) for name in own]
    found.append(Correctable("opened", known["opened"], plain(matter.opened_at), partial(_set_opened, matter)))
    # While the clock stands still there is no deadline that could be wrong.
    if matter.time_left is None:
        found.append(Correctable("due", known["due"], plain(matter.due_at), partial(_set_due, matter)))
    return found


def _present(session: Session, matter: Matter, name: str) -> Any:
    if name == "area":
        return session.get_one(Area, matter.area_id).code
    if name == "unit":
        unit = session.get(Organisation, matter.unit_id or 0)
        return unit.code if unit else None
    if name == "point":
        return None if matter.lng is None else [matter.lng, matter.lat]
    return getattr(matter, name)


def _putter(matter: Matter, name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        if name == "point":
            matter.lng, matter.lat = value or (None, None)
        elif name in ("unit", "area"):
            setattr(matter, f"{name}_id", value.id)
        else:
            setattr(matter, name, value)

    return put


def _set_opened(matter: Matter, at: datetime) -> None:
    matter.opened_at, matter.opened_month = at, clock.month_of(at)


def _set_due(matter: Matter, at: datetime) -> None:
    """Whether a closed one was in time is judged by the deadline it ought to have had."""
    matter.due_at = at
    if matter.closed_at and flows.state(matter.flow, matter.state).kind == "done":
        matter.on_time = matter.closed_at <= at


def _check_times(matter: Matter) -> None:
    if matter.opened_at > (matter.closed_at or clock.now()):
        raise Refused("It can't have been raised after it was closed, nor in the future. Correct the day.")
    if matter.due_at and matter.due_at < matter.opened_at:
        raise Refused("The deadline lies before the day it was raised. Correct one of the two.")


def _details(matter: Matter) -> list[Correctable]:
    """What only its flow keeps, as far as the matter has it or is begun with it."""
    flow, kept = flows.flow(matter.flow), matter.detail or {}
    birth = {need.name for need in flow.birth.needs}
    needs = {need.name: need for arrow in (flow.birth, *flow.arrows) for need in arrow.needs}
    named = {name: fields.of_flow(flow.code, need) for name, need in needs.items()}
    shown = [name for name, one in named.items() if one.keep == "detail" and (name in kept or name in birth)]
    return [Correctable(name, undated(named[name]), kept.get(name), _keeper(matter, name)) for name in shown]


def _keeper(matter: Matter, name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        matter.detail = {**(matter.detail or {}), name: fields.plain({name: value})[name]}

    return put


def undated(field: Field) -> Field:
    """The field without the days from now that it was asked within: what is corrected may be long past."""
    return replace(field, limit="") if field.type in ("day", "moment") else field


def _carry_on(session: Session, actor: Actor, matter: Matter, before: Values, after: Values) -> None:
    """What was copied from the matter and still says the old is corrected with it, on its own chain."""
    for link in flows.links(matter.flow):
        copied = [name for name in link.words if name in after] if link.does == "begin" else []
        for end in links.tied(session, matter, link.kind) if copied else []:
            if end.flow == link.to:
                _follow(session, actor, matter, end, {name: (before[name], after[name]) for name in copied})


def _follow(session: Session, actor: Actor, origin: Matter, end: Matter, told: dict[str, tuple[Any, Any]]) -> None:
    source = {name: _present(session, origin, name) for name in told}
    same = [name for name, (old, _new) in told.items() if _present(session, end, name) == old]
    if not same:
        return
    for name in same:
        for column in {"area": ("area_id",), "point": ("lng", "lat"), "unit": ("unit_id",)}.get(name, (name,)):
            setattr(end, column, getattr(origin, column))
    before, after = {name: told[name][0] for name in same}, {name: source[name] for name in same}
    _settle(session, end, frozenset(same))
    _write(session, actor, end, origin.number, before, after)
