"""Breaks: where a line is broken: a decision that nobody carries out, a promise overdue, a notice left hanging."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from models.event import Event
from models.matter import Matter
from services.engine import flows, versioned_cache
from services.matters import matters
from services.matters.matters import Filter
from services.rights import reader_texts
from services.rights.permissions import Actor
from services.rules.rules import rule
from services.system import clock
from services.words.i18n import listed

# A decision was made, and what it promises is not yet carried out.
_PROMISED = ("decided", "publicised", "acted")


@dataclass(frozen=True)
class Break:
    """Where a line is broken: at which stage, on which matter, and the sentence that says so."""

    stage: str
    number: str
    title: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


def promises(flow: str) -> list[str]:
    """The flows in which a matter of this one is carried out: what a person begins from it, to be acted on."""
    begun = (link.to for link in flows.links(flow) if link.when == "in")
    return [to for to in dict.fromkeys(begun) if flows.start_of(to).station == "acted"]


def decided_at(session: Session, matter: Matter) -> datetime | None:
    """When a matter last came to a decision; none where its flow makes none."""
    came = _decisions(matter.flow)
    return session.exec(select(func.max(col(Event.at))).where(Event.matter_id == matter.id, *came)).one()


def _decisions(flow: str) -> tuple[ColumnElement[bool], ...]:
    return (col(Event.to_state).in_(flows.states_at(flow, "decided")), col(Event.from_state) != col(Event.to_state))


def on(session: Session, matter: Matter, parts: list[Matter]) -> list[Break]:
    """The breaks on the line at one matter and what was begun from it by hand."""
    state = flows.state(matter.flow, matter.state)
    promised = [part for part in parts if part.flow in promises(matter.flow) and not dropped(part)]
    found = []
    if state.is_open and state.station in _PROMISED and promises(matter.flow) and not promised:
        decided = decided_at(session, matter)
        if decided and decided < rule("line.action_gap").before(clock.now()):
            found.append(_no_action(matter, decided))
    found += [_late_action(part) for part in promised if _late(part)]
    if state.station == "publicised" and _late(matter):
        found.append(_hung(matter))
    return found


def dropped(matter: Matter) -> bool:
    """Whether a matter was given up."""
    return flows.state(matter.flow, matter.state).kind == "dropped"


def _late(matter: Matter) -> bool:
    return matter.is_open and matter.due_at is not None and matter.due_at < clock.now()


def _no_action(matter: Matter, decided: datetime) -> Break:
    days = (clock.now() - decided).days
    sentence = listed("Decided {days} days ago, and still nobody is to carry it out.")
    return Break("acted", matter.number, matter.title, sentence, {"days": days})


def _late_action(part: Matter) -> Break:
    days = (clock.now() - part.due_at).days if part.due_at else 0
    return Break("acted", part.number, part.title, "What was promised here is {days} days overdue.", {"days": days})


def _hung(matter: Matter) -> Break:
    sentence = listed("The public notice ended, but nothing was carried out since.")
    return Break("publicised", matter.number, matter.title, sentence)


def breaks(session: Session, actor: Actor, path: str, limit: int = 20) -> list[Break]:
    """The broken lines at or below ``path``: decisions without action, overdue promises, notices left hanging.

    At most a minute old.
    """
    return versioned_cache.kept(
        session, actor, ("breaks", path, limit), lambda: _broken(session, actor, path, limit), 60
    )


def _broken(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    deciding = [flow for flow in flows.flows() if promises(flow) and flows.states_at(flow, "decided")]
    promised = dict.fromkeys(to for flow in flows.flows() for to in promises(flow))
    found = [gap for flow in deciding for gap in _without_action(session, actor, path, flow, limit)]
    for flow in promised:
        late = Filter(path=path, flow=flow, clock="overdue")
        found += [_late_action(row.matter) for row in matters.page(session, actor, late, limit)]
    for late in hanging(path, "overdue"):
        found += [_hung(row.matter) for row in matters.page(session, actor, late, limit)]
    return found[:limit]


def hanging(path: str, standing: str = "") -> list[Filter]:
    """What asks for the matters on public notice, of every flow that knows one."""
    at = [(flow, code) for flow in flows.flows() for code in flows.states_at(flow, "publicised")]
    return [Filter(path=path, flow=flow, state=code, clock=standing) for flow, code in at]


def _without_action(session: Session, actor: Actor, path: str, flow: str, limit: int) -> list[Break]:
    decided = _decided(flow)
    query = (
        select(Matter, decided)
        .where(*matters.conditions(session, actor, Filter(path=path, flow=flow, openness="open")))
        .where(col(Matter.state).in_(flows.states_at(flow, *_PROMISED)), ~_promised(flow))
        .where(decided < rule("line.action_gap").before(clock.now()))
        .order_by(decided)
        .limit(limit)
    )
    return [_no_action(reader_texts.shown(actor, matter), at) for matter, at in session.exec(query)]


def _decided(flow: str) -> ScalarSelect[datetime]:
    came = select(func.max(col(Event.at))).where(Event.matter_id == Matter.id, *_decisions(flow))
    return came.correlate(Matter).scalar_subquery()


def _promised(flow: str) -> ColumnElement[bool]:
    part = aliased(Matter)
    kept = (
        (col(part.flow) == to) & col(part.state).not_in(flows.states_of_kind(to, "dropped")) for to in promises(flow)
    )
    return exists().where(col(part.parent_id) == Matter.id, or_(*kept))
