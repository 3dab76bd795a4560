"""Citations 引用: a matter of any flow cites a clause that is in force, such as one of a covenant; told on its chain.

``[clauses] cited`` of ``flow.toml`` names the states in which the clauses of a flow may be cited.
"""

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from models.area import Area
from models.clause import Clause
from models.matter import Link, Matter
from services.engine import flows, workflow
from services.places import areas
from services.rights import matter_rights
from services.rights.permissions import Actor
from services.system.errors import Refused

KIND = "cites"
ACT = "matter.note"
_MOST = 200
_KEPT = "cites"


def may(session: Session, actor: Actor, matter: Matter) -> bool:
    """Whether this reader may let the matter cite something."""
    return matter_rights.may_with(session, actor, ACT, matter)


def _citable() -> list[tuple[str, str]]:
    return [(flow, state) for flow in flows.flows() for state in flows.flow(flow).words("clauses", "cited")]


def choices(session: Session, actor: Actor, matter: Matter) -> list[tuple[Matter, Clause]]:
    """The clauses in force that the matter may cite: of its own area and those around and inside it, nearest first."""
    if not (known := _citable()):
        return []
    path = session.get_one(Area, matter.area_id).path
    query = (
        select(Matter, Clause)
        .join(Clause, col(Clause.matter_id) == Matter.id)
        .join(Area, col(Area.id) == Matter.area_id)
        .where(tuple_(col(Matter.flow), col(Matter.state)).in_(known), Matter.id != matter.id)
        .where(col(Clause.state) != "dropped", areas.related(path))
        .order_by(col(Area.path).desc(), col(Matter.id), col(Clause.seq))
    )
    found = list(session.exec(query.limit(_MOST)))
    seen = matter_rights.among(session, actor, {one.id for one, _clause in found})
    return [(one, clause) for one, clause in found if one.id in seen]


def cite(session: Session, actor: Actor, number: str, version: int, cited: str, seq: int) -> Matter:
    """Let the matter cite a clause in force; once each."""
    matter = workflow.claim(session, actor, number, version, ACT)
    found = next((one for one in choices(session, actor, matter) if (one[0].number, one[1].seq) == (cited, seq)), None)
    if found is None:
        raise Refused("That clause is not in force here. Choose one from the list.")
    rule, clause = found
    kept = list((matter.detail or {}).get(_KEPT, []))
    if [cited, seq] in kept:
        raise Refused("{number} cites this clause already. Look at the list below.", number=matter.number)
    if not any(one == cited for one, _seq in kept):
        session.add(Link(source_id=matter.id, target_id=rule.id, kind=KIND))
    matter.detail = {**(matter.detail or {}), _KEPT: [*kept, [cited, seq]]}
    told = {"number": cited, "clause": seq, "text": clause.text}
    return workflow.record(session, actor, matter, "cited", told)


def cited_by(matter: Matter) -> list[tuple[str, int]]:
    """What a matter cites: the number of the other, and the clause."""
    return [(number, seq) for number, seq in (matter.detail or {}).get(_KEPT, [])]


def citing(session: Session, actor: Actor, matter: Matter) -> dict[int, list[Matter]]:
    """The matters that cite each clause of a matter, as far as this reader may see them."""
    query = select(Matter).join(Link, col(Link.source_id) == Matter.id)
    tied = query.where(Link.target_id == matter.id, Link.kind == KIND).order_by(col(Matter.id))
    some = list(session.exec(tied))
    seen, found = matter_rights.among(session, actor, {one.id for one in some}), dict[int, list[Matter]]()
    for one in some:
        for number, seq in cited_by(one) if one.id in seen else ():
            if number == matter.number:
                found.setdefault(seq, []).append(one)
    return found
