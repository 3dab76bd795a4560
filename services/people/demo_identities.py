"""Demo identities: what the sign-in page offers in demo mode, grouped by place, the place that shows most first."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.account import Account
from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services.places import fullest, place_packs
from services.system.settings import settings


@dataclass(frozen=True)
class DemoIdentity:
    """One button: an account, its role, and what it sees: its unit, or its area (empty: everywhere).

    ``part`` is whether that is less than the whole place.
    """

    account_id: int
    name: str
    role: str
    area: str
    part: bool


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
        select(Account, Area, Organisation.name)
        .outerjoin(Area, col(Area.id) == Account.area_id)
        .outerjoin(Organisation, col(Organisation.id) == Account.organisation_id)
        .where(col(Account.demo), col(Account.active))
        .order_by(col(Account.id))
    ).all()
    places = _places(session)
    groups: dict[str, list[DemoIdentity]] = {name: [] for name, _ in places}
    for account, area, unit in found:
        name, where = _place_of(area, places), unit or (area.name if area else "")
        part = bool(unit) or bool(area and area.path not in {path for _, path in places})
        groups.setdefault(name, []).append(DemoIdentity(account.id, account.name, account.role, where, part))
    ordered = sorted(groups.items(), key=lambda group: group[0] == "")
    return [DemoPlace(name, tuple(identities)) for name, identities in ordered if identities]


def _places(session: Session) -> list[tuple[str, str]]:
    """The places by name and path, that which shows most first."""
    named = session.exec(select(Area.id, Place.name, Area.path).join(Area, col(Area.id) == Place.area_id)).all()
    known = {area: (name, path) for area, name, path in named}
    return [known[area] for area in fullest.first(session)]


def demo_units(session: Session, root: Area) -> dict[str, int]:
    """For which organisation the demo identity of a role stands in a place, as its pack says, by role."""
    slug = session.exec(select(Place.slug).where(Place.area_id == root.id)).first()
    told = place_packs.pack(slug).demo if slug in place_packs.known_packs() and slug else {}
    named = select(Organisation.code, Organisation.id).where(col(Organisation.code).in_(told.values()))
    found = dict(session.exec(named).all())
    return {role: found[code] for role, code in told.items() if code in found}


def _place_of(area: Area | None, places: list[tuple[str, str]]) -> str:
    if area is None:
        return ""
    return next((name for name, path in places if area.path.startswith(path)), area.name)
