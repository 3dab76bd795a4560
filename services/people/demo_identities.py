"""Demo identities: what the sign-in page offers in demo mode, grouped by place."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.account import Account
from models.area import Area
from models.place import Place
from services.system.settings import settings


@dataclass(frozen=True)
class DemoIdentity:
    """One button: an account, its role, and the area it sees (empty: everywhere)."""

    account_id: int
    name: str
    role: str
    area: str


@dataclass(frozen=True)
class DemoPlace:
    """The demo identities of one place; the one without a name holds those who see every place."""

    name: str
    identities: tuple[DemoIdentity, ...]


def demo_identities(session: Session) -> list[DemoPlace]:
    """What the sign-in page offers, grouped by place; nothing outside demo mode."""
    if not settings().demo:
        return []
    found = session.exec(
        select(Account, Area)
        .outerjoin(Area, col(Area.id) == Account.area_id)
        .where(col(Account.demo), col(Account.active))
        .order_by(col(Account.id))
    ).all()
    places = session.exec(select(Place.name, Area.path).join(Area, col(Area.id) == Place.area_id)).all()
    groups: dict[str, list[DemoIdentity]] = {}
    for account, area in found:
        identity = DemoIdentity(account.id, account.name, account.role, area.name if area else "")
        groups.setdefault(_place_of(area, list(places)), []).append(identity)
    ordered = sorted(groups.items(), key=lambda group: group[0] == "")
    return [DemoPlace(name, tuple(identities)) for name, identities in ordered]


def _place_of(area: Area | None, places: list[tuple[str, str]]) -> str:
    if area is None:
        return ""
    return next((name for name, path in places if area.path.startswith(path)), area.name)
