"""Memberships 成员关系: who belongs to an alliance or a committee, who only joined, and which posts sit in two bodies.

A member is one that was entered with its day, or an organisation that hangs below the body in the tree. Idle is a
member that joined and has not taken part since: no matter that it answers for, none that it is a party to.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.organisation import Membership, Organisation
from models.party import Party
from models.place import Office
from services.places.areas import within
from services.registers import kinds
from services.registers.filings import organisation
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import Refused

# What matters is whether there are any; a unit may answer for a hundred thousand.
COUNTED = 100


class NewMember(BaseModel):
    """A body by its code, and what joins it: an organisation or a post by its code, one of the two."""

    body: str
    organisation: str = ""
    office: str = ""
    joined_on: date


@dataclass(frozen=True)
class Member:
    """A member organisation of a body; ``joined_on`` is None for one that only hangs below it in the tree.

    ``actions`` are the matters it answered for or took part in since it joined, counted up to COUNTED.
    """

    body: Organisation
    member: Organisation
    joined_on: date | None
    actions: int
    membership_id: int | None = None

    @property
    def idle(self) -> bool:
        """Joined, and no joint action."""
        return not self.actions


def join(session: Session, actor: Actor, entered: NewMember) -> Membership:
    """An organisation or a post joins a body. Refused where it belongs there already, and for a day to come."""
    body, where = organisation(session, entered.body)
    require(actor, "membership.write", where)
    if entered.joined_on > clock.today():
        raise Refused("Choose the day on which it joined: today or earlier.")
    made = Membership(organisation_id=body.id, joined_on=entered.joined_on, **_who(session, body, entered))
    session.add(made)
    session.flush()
    told = {"member": entered.organisation or entered.office, "joined_on": entered.joined_on.isoformat()}
    audit.write(session, actor.name, "membership.write", body.code, told, area=where)
    return made


def _who(session: Session, body: Organisation, entered: NewMember) -> dict[str, Any]:
    if entered.organisation:
        name, found = "member_id", organisation(session, entered.organisation)[0].id
    else:
        office = session.exec(select(Office).where(Office.code == entered.office)).first()
        if office is None or office.organisation_id == body.id:
            raise Refused("Choose a post that belongs to another body than this one.")
        name, found = "office_id", office.id
    there = select(Membership.id).where(_now(), Membership.organisation_id == body.id)
    itself = name == "member_id" and found == body.id
    if itself or session.exec(there.where(getattr(Membership, name) == found)).first():
        raise Refused("It belongs to this body already. Choose another one.")
    return {name: found}


def leave(session: Session, actor: Actor, membership_id: int, on: date) -> Membership:
    """A member leaves; that it belonged to the body stays on record."""
    found = session.get(Membership, membership_id)
    if found is None or found.left_on is not None:
        raise Refused("It has left already. Reload the page.")
    body = session.get_one(Organisation, found.organisation_id)
    where = session.get_one(Area, body.area_id).path
    require(actor, "membership.write", where)
    if not found.joined_on <= on <= clock.today():
        raise Refused("Choose the day on which it left: after it joined, and today at the latest.")
    found.left_on = on
    session.flush()
    audit.write(session, actor.name, "membership.end", body.code, {"left_on": on.isoformat()}, area=where)
    return found


def bodies(session: Session, path: str) -> list[Organisation]:
    """The alliances and committees seated at or below ``path``."""
    query = select(Organisation).join(Area, col(Area.id) == Organisation.area_id).where(within(path))
    return list(
        session.exec(
            query.where(_stands(), col(Organisation.kind).in_(kinds.with_members())).order_by(Organisation.path)
        )
    )


def members(session: Session, path: str) -> list[Member]:
    """The member organisations of the bodies at or below ``path``; idle ones first."""
    found = [one for body in bodies(session, path) for one in _members(session, body)]
    return sorted(found, key=lambda one: (not one.idle, one.body.path, one.member.path))


def _members(session: Session, body: Organisation) -> list[Member]:
    entered = select(Membership, Organisation).join(Organisation, col(Organisation.id) == Membership.member_id)
    dated = {one.id: kept for kept, one in session.exec(entered.where(Membership.organisation_id == body.id, _now()))}
    below = col(Organisation.path).startswith(body.path, autoescape=True) & (col(Organisation.id) != body.id)
    query = select(Organisation).where(_stands(), below | col(Organisation.id).in_(dated))
    return [_member(session, body, one, dated.get(one.id)) for one in session.exec(query)]


def _member(session: Session, body: Organisation, member: Organisation, kept: Membership | None) -> Member:
    joined = kept.joined_on if kept else None
    return Member(body, member, joined, _actions(session, member.id, joined), kept.id if kept else None)


def _actions(session: Session, organisation_id: int, since: date | None) -> int:
    start = clock.start_of(since) if since else datetime.combine(date.min, time(), clock.now().tzinfo)
    party = select(Party.matter_id).where(Party.organisation_id == organisation_id, col(Party.left_at).is_(None))
    answered = select(Matter.id).where(Matter.unit_id == organisation_id)
    both: Any = answered.where(Matter.opened_at >= start).union(party.where(Party.invited_at >= start))
    return int(session.execute(select(func.count()).select_from(both.limit(COUNTED).subquery())).scalar_one())


def cross_appointed(session: Session, path: str) -> list[str]:
    """The paths of the bodies at or below ``path`` in which a filled post of another body sits, one for each post."""
    query = select(Area.path).join(Organisation, col(Organisation.area_id) == Area.id)
    query = query.join(Membership, col(Membership.organisation_id) == Organisation.id)
    query = query.join(Office, col(Office.id) == Membership.office_id)
    return list(session.exec(query.where(within(path), *sits())))


def _now() -> Any:
    return col(Membership.left_on).is_(None)


def _stands() -> Any:
    return col(Organisation.closed_at).is_(None)


def sits() -> tuple[Any, ...]:
    """The conditions under which a post sits in another body now: it is filled, and neither was closed or left."""
    return _now(), _stands(), col(Office.filled).is_(True), col(Office.closed_at).is_(None)
