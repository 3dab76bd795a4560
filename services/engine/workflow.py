"""Move a matter along an arrow of its flow: the one place where a state changes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlmodel import Session, col, select, update

from models.area import Area
from models.event import Event
from models.matter import Matter
from services.engine import deadlines, events, fields, flows
from services.engine.flows import Arrow
from services.rights.permissions import Actor, may, require
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words.cleaning import clean

Condition = Callable[..., None]
Hook = Callable[[Session, Actor, Matter, dict[str, Any]], None]
Effect = Callable[[Session, Actor, Matter, Arrow, dict[str, Any], datetime], None]

_GUARDS: dict[str, Condition] = {}
_HOOKS: dict[tuple[str, str], list[Hook]] = {}
_AFTER: dict[tuple[str, str], list[Hook]] = {}
_EFFECTS: dict[str, list[Effect]] = {"before": [], "after": []}


C = TypeVar("C", bound=Condition)


def guard(function: C) -> C:
    """Register ``function(session, matter, values, *arguments)`` under its own name.

    Arrows name it, with arguments as text where it takes any; it raises Refused when the move must wait.
    """
    _GUARDS[function.__name__] = function
    return function


def on(flow: str, action: str) -> Callable[[Hook], Hook]:
    """Run the function inside the move, after the state has changed and before the event is written."""

    def register(function: Hook) -> Hook:
        _HOOKS.setdefault((flow, action), []).append(function)
        return function

    return register


def after(flow: str, action: str) -> Callable[[Hook], Hook]:
    """Run the function when the move is written, in the same transaction: for what other matters learn of it."""

    def register(function: Hook) -> Hook:
        _AFTER.setdefault((flow, action), []).append(function)
        return function

    return register


def effect(when: Literal["before", "after"]) -> Callable[[Effect], Effect]:
    """Run the function with every arrow of every flow, before its event or after: for the engine's own rooms."""

    def register(function: Effect) -> Effect:
        _EFFECTS[when].append(function)
        return function

    return register


def hooked() -> set[tuple[str, str]]:
    """Every (flow, action) that has a hook."""
    return set(_HOOKS) | set(_AFTER)


def guards() -> dict[str, Condition]:
    """All registered guards by name."""
    return dict(_GUARDS)


def load(session: Session, actor: Actor, number: str, act: str = "matter.read") -> Matter:
    """The matter called ``number``, if the actor may see it. NotFound says the same for absent and forbidden."""
    found = session.exec(
        select(Matter, Area.path).join(Area, col(Area.id) == Matter.area_id).where(Matter.number == clean(number))
    ).first()
    if found is None or not may(actor, "matter.read", found[1], found[0].public):
        raise NotFound(
            "There is no matter {number} that you can see. Check the number, or go back to the ledger.",
            number=number[:40],
        )
    require(actor, act, found[1], found[0].public)
    return found[0]


def claim(session: Session, actor: Actor, number: str, version: int, act: str) -> Matter:
    """Load a matter to change it; refuse when somebody changed it after ``version`` was seen."""
    matter = load(session, actor, number, act)
    taken = update(Matter).where(col(Matter.id) == matter.id, col(Matter.version) == version).values(version=version)
    if matter.version != version or session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise _stale(session, matter)
    return matter


def _stale(session: Session, matter: Matter) -> Refused:
    last = session.exec(select(Event).where(Event.matter_id == matter.id).order_by(col(Event.seq).desc())).first()
    return Refused(
        "{actor} changed {number} at {time}, after you opened it. Look at the new state below and decide again.",
        actor=last.actor if last else "?",
        number=matter.number,
        time=clock.local(last.at).strftime("%H:%M:%S") if last else "?",
    )


def open_arrows(session: Session, actor: Actor, matter: Matter) -> list[Arrow]:
    """The arrows this actor may take from where the matter stands."""
    path = session.exec(select(Area.path).where(Area.id == matter.area_id)).one()
    return [arrow for arrow in flows.leaving(matter.flow, matter.state) if may(actor, arrow.act, path, matter.public)]


def move(
    session: Session,
    actor: Actor,
    number: str,
    action: str,
    version: int,
    inputs: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Matter:
    """Take the arrow ``action``; Refused on a stale version, a missing right, wrong inputs or an unmet guard."""
    matter = load(session, actor, number)
    arrow = flows.arrow(matter.flow, matter.state, action)
    if matter.version != version:
        raise _stale(session, matter)
    if arrow is None:
        raise Refused(
            "{number} has moved on and this step is no longer open. Choose one of the steps shown below.", number=number
        )
    matter = claim(session, actor, number, version, arrow.act)
    values = fields.read(session, matter, arrow.needs, inputs or {})
    for guard in arrow.guards:
        _GUARDS[guard.name](session, matter, values, *guard.arguments)
    return _take(session, actor, matter, arrow, values, at or clock.now())


def _take(session: Session, actor: Actor, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime) -> Matter:
    source = matter.state
    target = arrow.arrives(source, _before(session, matter) if arrow.target == "<" else None)
    fields.keep(matter, arrow.needs, values)
    spread(session, actor, matter, arrow, values, at, "before")
    for hook in _HOOKS.get((matter.flow, arrow.action), []):
        hook(session, actor, matter, values)
    deadlines.set_due(session, matter, arrow, values, at)
    note = str(values.pop("note", ""))
    events.append(session, matter, actor, arrow.action, to_state=target, note=note, data=fields.plain(values), at=at)
    arrive(matter, source, target, at)
    if arrow.counts:
        setattr(matter, arrow.counts, getattr(matter, arrow.counts) + 1)
    session.flush()
    for hook in _AFTER.get((matter.flow, arrow.action), []):
        hook(session, actor, matter, values)
    spread(session, actor, matter, arrow, values, at, "after")
    return matter


def spread(
    session: Session, actor: Actor, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime, when: str
) -> None:
    """Run what hangs on every arrow."""
    for function in _EFFECTS[when]:
        function(session, actor, matter, arrow, values, at)


def _before(session: Session, matter: Matter) -> str | None:
    """The state from which the matter last came to where it stands."""
    came = (Event.matter_id == matter.id, Event.to_state == matter.state, Event.from_state != matter.state)
    return session.exec(select(Event.from_state).where(*came).order_by(col(Event.seq).desc())).first()


def arrive(matter: Matter, source: str, target: str, at: datetime) -> None:
    """Put the matter into ``target``; opening and closing it follow from the kinds of the two states."""
    was_open, matter.state = flows.state(matter.flow, source).is_open, target
    matter.is_open = flows.state(matter.flow, target).is_open
    if was_open and not matter.is_open:
        matter.closed_at = at
        finished = flows.state(matter.flow, target).kind == "done" and matter.due_at is not None
        matter.on_time = at <= matter.due_at if finished and matter.due_at else None
    elif matter.is_open and not was_open:
        matter.closed_at, matter.on_time = None, None
