"""From an account to the one who acts: role, area and organisation, as they are now."""

from sqlmodel import Session

from models.account import Account
from models.area import Area
from models.organisation import Organisation
from services.rights.permissions import Actor
from services.system.settings import settings
from services.system.writers import later

# Under this name and the account a language waits to be written.
LANGUAGE = "language"


def actor_of(session: Session, account: Account) -> Actor:
    """Who acts when ``account`` acts: in its area and everything below, or everywhere; for its organisation, if any."""
    area = session.get_one(Area, account.area_id) if account.area_id else None
    unit = session.get_one(Organisation, account.organisation_id) if account.organisation_id else None
    return Actor(
        account_id=account.id,
        name=account.name,
        role=account.role,
        area_path=area.path if area else "",
        area_id=account.area_id,
        language=later.noted((LANGUAGE, account.id)) or account.language,
        organisation_id=account.organisation_id,
        organisation_path=unit.path if unit else "",
    )


def may_enter(account: Account) -> bool:
    """Whether the account may be signed in at all: it is active, and no demo identity in production."""
    return account.active and (settings().demo or not account.demo)
