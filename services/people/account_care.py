"""Account care: what an administrator does for the accounts of the area: see them, give a code, sign them out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false
from sqlmodel import Session, col, func, or_, select

from models.account import Account, SignIn
from models.area import Area
from models.organisation import Organisation
from services.people import codes, signins
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor, denied, may, require
from services.system.errors import NotFound, Refused

MANAGE = "account.manage"
SHOWN = 50


@dataclass(frozen=True)
class Cared:
    """An account as its administrator sees it: for which area and unit it is, and when it was seen last."""

    account: Account
    area: str
    unit: str
    seen: datetime | None


def found(session: Session, actor: Actor, path: str = "", asked: str = "") -> list[Cared]:
    """The accounts that lie in the actor's area, and at or below ``path``, whoever works everywhere among them.

    Those for everywhere are seen by whoever may care for them: an administrator of everywhere.

    Of those whose name or sign-in name holds ``asked``, by sign-in name, one more than ``SHOWN`` at most.
    """
    here = path if path.startswith(actor.area_path) else actor.area_path
    require(actor, MANAGE, here)
    seen = select(SignIn.account_id, func.max(SignIn.seen_at).label("seen")).group_by(col(SignIn.account_id)).subquery()
    query = (
        select(Account, Area.name, Organisation.name, seen.c.seen)
        .outerjoin(Area, col(Area.id) == Account.area_id)
        .outerjoin(Organisation, col(Organisation.id) == Account.organisation_id)
        .outerjoin(seen, seen.c.account_id == Account.id)
        .order_by(col(Account.login))
        .limit(SHOWN + 1)
    )
    if asked:
        words = (func.lower(word).contains(asked.lower(), autoescape=True) for word in (Account.login, Account.name))
        query = query.where(or_(*words))
    if here:
        everywhere = col(Account.area_id).is_(None) if not actor.area_path else false()
        query = query.where(or_(areas.within(here), everywhere))
    rows = session.exec(query)
    return [Cared(account, area or "", unit or "", at) for account, area, unit, at in rows]


def give_code(session: Session, actor: Actor, account_id: int) -> str:
    """A one-time code in the place of the account's password, to be told its owner; nobody can read it again."""
    return codes.issue(session, actor.name, _in_scope(session, actor, account_id))


def sign_out_everywhere(session: Session, actor: Actor, account_id: int) -> None:
    """End every sign-in of the account."""
    account = _in_scope(session, actor, account_id)
    if account.demo:
        raise Refused("A demo identity is shared by everybody who looks around. Use Sign out; it ends your own.")
    signins.revoke_all(session, account)
    audit.write(session, actor.name, "sign_out.everywhere", account.login)


def _in_scope(session: Session, actor: Actor, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None or not may(actor, MANAGE, _path(session, account)):
        if not may(actor, MANAGE, actor.area_path):
            raise denied()
        raise NotFound("There is no such account in your area. Choose one from the list.")
    return account


def _path(session: Session, account: Account) -> str:
    return session.get_one(Area, account.area_id).path if account.area_id else ""
