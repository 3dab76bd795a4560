"""Account care: what an administrator does for the accounts of the area: see them, give a code, sign them out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false
from sqlmodel import Session, col, func, or_, select

from models.account import Account, SignIn
from models.area import Area
from models.organisation import Organisation
from services.people import accounts, codes, signins
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor, denied, may, require
from services.system.errors import NotFound, Refused
from services.words.cleaning import clean

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


def one(session: Session, actor: Actor, account_id: int) -> Account | None:
    """The account, where it lies in the actor's area."""
    account = session.get(Account, account_id)
    return account if account is not None and may(actor, MANAGE, _path(session, account)) else None


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


@dataclass(frozen=True)
class Told:
    """What is said of an account: its role, the code of its area (none: everywhere), that of its unit, if any."""

    role: str
    area: str = ""
    unit: str = ""


def add(session: Session, actor: Actor, login: str, name: str, told: Told) -> str:
    """Make an account; the one-time code that comes back opens it, and leads its owner to a password of their own."""
    area_id, unit_id = _places(session, actor, told)
    made = accounts.create(
        session,
        actor.name,
        login=clean(login).lower(),
        name=clean(name),
        role=told.role,
        password=None,
        area_id=area_id,
        organisation_id=unit_id,
    )
    return codes.issue(session, actor.name, made)


def change(session: Session, actor: Actor, account_id: int, drawn: Told, told: Told) -> None:
    """Another role, area or unit; ``drawn`` is what the form was filled with. Refused where it is something else now.

    Nobody does it to the account they are signed in with.
    """
    account = _other(session, actor, account_id)
    if told_of(session, account) != drawn:
        raise Refused("{name} was changed meanwhile. Look at it, then save again.", name=account.name)
    accounts.change(session, actor.name, account, told.role, *_places(session, actor, told))


def close(session: Session, actor: Actor, account_id: int) -> None:
    """Close an account; what it did stays."""
    accounts.deactivate(session, actor.name, _other(session, actor, account_id))


def reopen(session: Session, actor: Actor, account_id: int) -> None:
    """Open a closed account again."""
    accounts.activate(session, actor.name, _other(session, actor, account_id))


def told_of(session: Session, account: Account) -> Told:
    """What an account is said to be now."""
    area = session.get(Area, account.area_id or 0)
    unit = session.get(Organisation, account.organisation_id or 0)
    return Told(account.role, area.code if area else "", unit.code if unit else "")


def _other(session: Session, actor: Actor, account_id: int) -> Account:
    account = _in_scope(session, actor, account_id)
    if account.demo or account.id == actor.account_id:
        raise Refused("Your own account and those to look around with are changed by nobody here.")
    return account


def _places(session: Session, actor: Actor, told: Told) -> tuple[int | None, int | None]:
    """The ids of area and unit; Refused where they are none that the actor may give."""
    area = areas.named(session, told.area)
    if bool(told.area) != (area is not None) or (area is not None and area.closed_at is not None):
        raise NotFound("Choose the area from the list.")
    require(actor, MANAGE, area.path if area else "")
    unit = session.exec(select(Organisation).where(Organisation.code == told.unit)).first() if told.unit else None
    if told.unit and (unit is None or unit.closed_at is not None):
        raise NotFound("That unit does not exist. Choose one from the list.")
    return area.id if area else None, unit.id if unit else None


def _in_scope(session: Session, actor: Actor, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None or not may(actor, MANAGE, _path(session, account)):
        if not may(actor, MANAGE, actor.area_path):
            raise denied()
        raise NotFound("There is no such account in your area. Choose one from the list.")
    return account


def _path(session: Session, account: Account) -> str:
    return session.get_one(Area, account.area_id).path if account.area_id else ""
