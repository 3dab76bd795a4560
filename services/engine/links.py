"""Links: the ties between matters of different flows, and what an arrow at one end does at the other.

What a person begins from a matter hangs below it (``parent_id``); what an arrow begins is tied to it by a row. Whoever
asks for ties needs not know which. Every effect belongs to the arrow that has it: one transaction, no second right.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.matter import Link as Tie
from models.matter import Matter
from services.engine import begin, events, fields, flows, workflow
from services.engine.flows import BIRTH, Arrow, Link
from services.rights import matter_rights
from services.rights.permissions import Actor, scopes
from services.system.errors import Refused
from services.words.vocabulary import Word

ANY = "*"


def tied(session: Session, matter: Matter, kind: str) -> list[Matter]:
    """The matters that ``matter`` leads to by ``kind``, first to last."""
    hung = [link.to for link in flows.links(matter.flow) if link.kind == kind and link.when == "in"]
    by_row = select(Tie.target_id).where(Tie.source_id == matter.id, Tie.kind == kind)
    return _all(session, by_row, _below(matter, hung))


def children(session: Session, matter: Matter, flow: str) -> list[Matter]:
    """The matters of ``flow`` that were begun from ``matter``, whatever the tie, first to last."""
    kinds = {link.kind for link in flows.links(matter.flow) if link.to == flow}
    by_row = select(Tie.target_id).where(Tie.source_id == matter.id, col(Tie.kind).in_(kinds))
    return [one for one in _all(session, by_row, _below(matter, [flow])) if one.flow == flow]


def origins(session: Session, matter: Matter) -> list[Matter]:
    """The matters of other flows that ``matter`` came from, first to last."""
    kinds = {link.kind for link in _leading_to(matter.flow)}
    by_row = select(Tie.source_id).where(Tie.target_id == matter.id, col(Tie.kind).in_(kinds))
    return _all(session, by_row, *([] if matter.parent_id is None else [col(Matter.id) == matter.parent_id]))


def end_of(session: Session, matter: Matter, kind: str) -> Matter:
    """The matter at the end of a chain of ties of one kind; ``matter`` itself where it leads nowhere."""
    while found := tied(session, matter, kind):
        matter = found[0]
    return matter


def gathered(session: Session, matter: Matter, kind: str) -> list[Matter]:
    """The matters that lead to ``matter`` by chains of ties of one kind, as they were opened."""
    found: dict[int, Matter] = {}
    layer = [matter.id]
    while layer:
        by_row = select(Tie.source_id).where(col(Tie.target_id).in_(layer), Tie.kind == kind)
        under = _all(session, by_row)
        layer = [one.id for one in under if one.id not in found]
        found |= {one.id: one for one in under}
    return sorted(found.values(), key=lambda one: (one.opened_at, one.id))


def _below(matter: Matter, flow_codes: list[str]) -> ColumnElement[bool]:
    return and_(col(Matter.parent_id) == matter.id, col(Matter.flow).in_(flow_codes))


def _all(session: Session, by_row: SelectOfScalar[int], *beside: ColumnElement[bool]) -> list[Matter]:
    # The ids are asked first: a choice between a condition and a subquery would read every matter there is.
    ids = session.exec(by_row).all()
    either = [col(Matter.id).in_(ids), *beside] if ids else beside
    return list(session.exec(select(Matter).where(or_(*either)).order_by(col(Matter.id)))) if either else []


def _leading_to(flow: str) -> Iterator[Link]:
    return (link for code in flows.flows() for link in flows.links(code) if link.to == flow)


def births(flow: str) -> list[Link]:
    """The ties by which an arrow of a flow begins another matter: there the line leads on."""
    return [link for link in flows.links(flow) if link.when == "here" and link.does == "begin"]


def by_hand(matter: Matter) -> list[Link]:
    """The ties by which a person may begin another matter from where this one stands."""
    return [link for link in flows.links(matter.flow) if link.when == "in" and matter.state in link.at]


def may_begin(session: Session, actor: Actor, matter: Matter) -> list[Link]:
    """The ties by which this actor may begin another matter from where this one stands."""
    offered = by_hand(matter)
    held = matter_rights.lies_in(session, actor, matter) if offered else frozenset()
    return [link for link in offered if scopes(actor, f"{link.to}.{BIRTH}") & held]


def add(session: Session, actor: Actor, number: str, version: int, to: str, inputs: dict[str, Any]) -> Matter:
    """Begin a matter of the flow ``to`` from the one called ``number``; Refused where it stands elsewhere by now."""
    origin = workflow.claim(session, actor, number, version, f"{to}.{BIRTH}")
    link = next((link for link in by_hand(origin) if link.to == to), None)
    if link is None:
        raise Refused(
            "From where {number} stands now, no {flow} is added. Look at the state it is in, and choose another step.",
            number=number,
            flow=Word("flow", to),
        )
    return begin.begin(session, actor, to, inputs, origin=origin, link=link)


@workflow.effect("before")
def bear(session: Session, actor: Actor, matter: Matter, arrow: Arrow, values: dict[str, Any], at: datetime) -> None:
    """Begin what this arrow gives birth to; the arrow's event names it."""
    for link in births(matter.flow):
        if arrow.action in link.at:
            born = begin.begin(session, actor, link.to, fields.plain(values), origin=matter, link=link, at=at)
            values[link.kind] = born.number


@workflow.effect("after")
def carry(session: Session, actor: Actor, matter: Matter, arrow: Arrow, _values: dict[str, Any], at: datetime) -> None:
    """Move, tell and publish what the arrow does at the other ends of its ties."""
    new = {"title": matter.title} if arrow.action == BIRTH else {"state": matter.state}
    _happened(session, actor, matter, arrow.action, {"number": matter.number, **new}, at)


def _happened(session: Session, actor: Actor, matter: Matter, word: str, told: dict[str, Any], at: datetime) -> None:
    for link, end in list(_ends(session, matter, word)):
        if link.does == "move":
            _move(session, actor, end, link.words[0], matter, at)
        elif link.does == "tell":
            events.append(session, end, actor, link.words[0], data=told, at=at)
            session.flush()
            with workflow.underway(end.id, link.words[0]):
                _happened(session, actor, end, link.words[0], told, at)
        elif link.does == "publish":
            _publish(session, end)


def _ends(session: Session, matter: Matter, word: str) -> Iterator[tuple[Link, Matter]]:
    """Each tie on which ``word`` has an effect, with the matter it falls on; what is published is one of them."""
    for link in flows.links(matter.flow):
        if link.when == "here" and link.does != "begin" and _names(link, word):
            others = [end for end in tied(session, matter, link.kind) if end.flow == link.to]
            yield from ((link, end) for end in ([matter, *others] if link.does == "publish" else others))
    for link in _leading_to(matter.flow):
        if link.when == "there" and _names(link, word):
            others = _givers(session, matter, link)
            yield from ((link, end) for end in ([matter, *others] if link.does == "publish" else others))


def _names(link: Link, word: str) -> bool:
    return word in link.at or (ANY in link.at and word != BIRTH)


def _givers(session: Session, matter: Matter, link: Link) -> list[Matter]:
    """The matters at the beginning of a tie to ``matter``."""
    by_row = select(Tie.source_id).where(Tie.target_id == matter.id, Tie.kind == link.kind)
    hung = any(one.when == "in" and one.kind == link.kind for one in flows.links(link.flow) if one.to == matter.flow)
    above = [col(Matter.id) == matter.parent_id] if hung and matter.parent_id is not None else []
    return [one for one in _all(session, by_row, *above) if one.flow == link.flow]


def _move(session: Session, actor: Actor, end: Matter, action: str, because: Matter, at: datetime) -> None:
    if flows.arrow(end.flow, end.state, action):
        workflow.follow(session, actor, end, action, {"note": because.number}, at)


def _publish(session: Session, matter: Matter) -> None:
    matter.public = True
    session.add(matter)
