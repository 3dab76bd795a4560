"""From an account to the one who acts: role and area, as they are now."""

from sqlmodel import Session

from models.account import Account
from models.area import Area
from services.rights.permissions import Actor
from services.system.settings import settings


def actor_of(session: Session, account: Account) -> Actor:
    """Who acts when ``account`` acts; its area and everything below, or everywhere without one."""
    area = session.get_one(Area, account.area_id) if account.area_id else None
    return Actor(
        account_id=account.id,
        name=account.name,
        role=account.role,
        area_path=area.path if area else "",
        area_id=account.area_id,
        language=account.language,
    )


def may_enter(account: Account) -> bool:
    """Whether the account may be signed in at all: it is active, and no demo identity in production."""
    return account.active and (settings().demo or not account.demo)
