"""Move a matter along an arrow of its flow: the one place where a state changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlmodel import Session, col, select, update

from models.event import Event
from models.matter import Matter
from services.engine import deadlines, events, fields, flows
from services.engine.flows import Arrow, State
from services.rights import matter_rights, reader_texts
from services.rights.permissions import Actor, denied, scopes
from services.system import clock, db
from services.system.errors import NotFound, Refused
from services.system.seals import watching
from services.words.cleaning import clean

Condition = Callable[..., None]
Hook = Callable[[Session, Actor, Matter, dict[str, Any]], None]
Effect = Callable[[Session, Actor, Matter, Arrow, dict[str, Any], datetime], None]

_GUARDS: dict[str, Condition] = {}
_HOOKS: dict[tuple[str, str], list[Hook]] = {}
_AFTER: dict[tuple[str, str], list[Hook]] = {}
_BORN: dict[str, list[Hook]] = {}
_EFFECTS: dict[str, list[Effect]] = {"before": [], "after": []}
# What is under way, outermost first: an effect of an effect must not come back to it.
_UNDERWAY: ContextVar[tuple[object, ...]] = ContextVar("underway", default=())

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


def born(flow: str = "") -> Callable[[Hook], Hook]:
    """Run the function when a matter of the flow, or of any, is begun: after its row, before its first event."""

    def register(function: Hook) -> Hook:
        _BORN.setdefault(flow, []).append(function)
        return function

    return register


def effect(when: Literal["before", "after"]) -> Callable[[Effect], Effect]:
    """Run the function with every arrow of every flow, before its event or after: for the engine's own rooms."""

    def register(function: Effect) -> Effect:
        _EFFECTS[when].append(function)
        return function

    return register


def hooked() -> set[tuple[str, str]]:
    """Every (flow, action) that has a hook; a birth counts as the action ``create``."""
    return set(_HOOKS) | set(_AFTER) | {(flow, flows.BIRTH) for flow in _BORN if flow}


def guards() -> dict[str, Condition]:
    """All registered guards by name."""
    return dict(_GUARDS)


def load(session: Session, actor: Actor, number: str, act: str = "matter.read") -> Matter:
    """The matter called ``number``, if the actor may see it. NotFound says the same for absent and forbidden."""
    found, held = _seen(session, actor, number)
    if not held & scopes(actor, act):
        raise denied()
    return found


def _seen(session: Session, actor: Actor, number: str) -> tuple[Matter, frozenset[str]]:
    """The matter as the actor may read it, and the words of scopes in which it lies for him."""
    found = session.exec(select(Matter).where(Matter.number == clean(number))).first()
    held = matter_rights.lies_in(session, actor, found) if found else frozenset()
    if found is None or not held & scopes(actor, matter_rights.READ):
        raise NotFound(
            "There is no matter {number} that you can see. Check the number, or go back to the ledger.",
            number=number[:40],
        )
    return reader_texts.shown(actor, found), held


def claim(session: Session, actor: Actor, number: str, version: int, act: str) -> Matter:
    """Load a matter to change it; refuse when somebody changed it after ``version`` was seen."""
    matter = load(session, actor, number, act)
    _hold(session, matter, version)
    return matter


def _hold(session: Session, matter: Matter, version: int) -> None:
    if matter.version != version or not (db.sole_writer(session) or _is_held(session, matter, version)):
        raise _stale(session, matter)


def _is_held(session: Session, matter: Matter, version: int) -> bool:
    """Whether the row is still at this version, and nobody else changes it before the transaction ends."""
    mine = update(Matter).where(col(Matter.id) == matter.id, col(Matter.version) == version)
    taken = mine.values(version=version).execution_options(**{watching.SAME: True})
    return bool(session.execute(taken).rowcount == 1)  # type: ignore[attr-defined]


def record(session: Session, actor: Actor, matter: Matter, action: str, data: dict[str, Any]) -> Matter:
    """Write what was decided on a claimed matter without moving it: one event with the values, and a new version."""
    events.append(session, matter, actor, action, data={name: told for name, told in data.items() if told is not None})
    session.flush()
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
    held = matter_rights.lies_in(session, actor, matter)
    return [arrow for arrow in flows.leaving(matter.flow, matter.state) if scopes(actor, arrow.act) & held]


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
    matter, held = _seen(session, actor, number)
    arrow = flows.arrow(matter.flow, matter.state, action)
    if matter.version != version:
        raise _stale(session, matter)
    if arrow is None:
        raise Refused(
            "{number} has moved on and this step is no longer open. Choose one of the steps shown below.", number=number
        )
    if not held & scopes(actor, arrow.act):
        raise denied()
    _hold(session, matter, version)
    return _take(session, actor, matter, arrow, inputs or {}, at or clock.now())


def follow(
    session: Session, actor: Actor, matter: Matter, action: str, inputs: dict[str, Any], at: datetime
) -> Matter | None:
    """Take the arrow ``action`` as the effect of one that was permitted; nothing where none of the name starts here.

    No right is asked, and whoever moved the other end need not see this one. Fields and guards are asked as ever.
    """
    arrow = flows.arrow(matter.flow, matter.state, action)
    if arrow is None:
        return None
    _hold(session, matter, matter.version)
    return _take(session, actor, matter, arrow, inputs, at)


def checked(session: Session, matter: Matter, arrow: Arrow, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the arrow asks for, as typed values that its guards let pass; Refused otherwise."""
    values = fields.read(session, matter, arrow.needs, inputs)
    for guard in arrow.guards:
        _GUARDS[guard.name](session, matter, values, *guard.arguments)
    return values


def _take(session: Session, actor: Actor, matter: Matter, arrow: Arrow, inputs: dict[str, Any], at: datetime) -> Matter:
    values = checked(session, matter, arrow, inputs)
    with underway(matter.id, arrow.action):
        return _pass(session, actor, matter, arrow, values, at)


@contextmanager
def underway(*step: object) -> Iterator[None]:
    """Refuse to come back to a step that is being taken: links that lead in a circle end here."""
    if step in _UNDERWAY.get():
        raise Refused("The links between these flows lead in a circle. Ask the administrator to correct links.csv.")
    token = _UNDERWAY.set((*_UNDERWAY.get(), step))
    try:
        yield
    finally:
        _UNDERWAY.reset(token)


def spread(
    session: Session, actor: Actor, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime, when: str
) -> None:
    """Run what hangs on every arrow."""
    for function in _EFFECTS[when]:
        function(session, actor, matter, arrow, values, at)


def bear(session: Session, actor: Actor, matter: Matter, values: dict[str, Any]) -> None:
    """Run what hangs on the birth of a matter: what its own flow needs, and what every flow does."""
    for hook in (*_BORN.get(matter.flow, []), *_BORN.get("", [])):
        hook(session, actor, matter, values)


def _pass(session: Session, actor: Actor, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime) -> Matter:
    source = matter.state
    target = arrow.arrives(source, _before(session, matter) if arrow.target == "<" else None)
    _require_later(matter, target, at)
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


def _require_later(matter: Matter, target: str, at: datetime) -> None:
    if at < matter.opened_at and not flows.state(matter.flow, target).is_open:
        raise Refused(
            "{number} was raised on {opened} and can't be closed before that, on {at}. Check the clock.",
            number=matter.number,
            opened=f"{clock.local(matter.opened_at):%Y-%m-%d %H:%M}",
            at=f"{clock.local(at):%Y-%m-%d %H:%M}",
        )


def _before(session: Session, matter: Matter) -> str:
    """The state from which the matter last came forward to where it stands, not back; of one that was imported as it
    is, where it waits for somebody."""
    came = (Event.matter_id == matter.id, Event.to_state == matter.state, Event.from_state != matter.state)
    ways_back = {arrow.action for arrow in flows.arrows(matter.flow) if arrow.target == "<"}
    forward = col(Event.action).not_in(ways_back)
    last = session.exec(select(Event.from_state).where(*came, forward).order_by(col(Event.seq).desc())).first()
    return last if last and flows.has(matter.flow, last) else flows.waiting(matter.flow)


def arrive(matter: Matter, source: str, target: str, at: datetime) -> None:
    """Put the matter into ``target``; opening and closing it follow from the kinds of the two states."""
    settle(matter, flows.state(matter.flow, source).is_open, flows.state(matter.flow, target), at)


def settle(matter: Matter, was_open: bool, target: State, at: datetime) -> None:
    """Put a matter that was open or not into ``target``, whichever version of its flow has that state."""
    matter.state, matter.is_open = target.code, target.is_open
    if was_open and not matter.is_open:
        matter.closed_at = at
        finished = target.kind == "done" and matter.due_at is not None
        matter.on_time = at <= matter.due_at if finished and matter.due_at else None
    elif matter.is_open and not was_open:
        matter.closed_at, matter.on_time = None, None
