"""Register of venues 阵地台账: which there are, in which state, whether they are open now, what they offer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item
from models.place import Venue
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor, require
from services.rules import opening_hours
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words import vocabulary
from services.words.cleaning import clean

OPEN = "open"


@dataclass(frozen=True)
class Asked:
    """Which venues: of a kind, in a state, open at this moment or not; empty for all."""

    kind: str = ""
    state: str = ""
    now: str = ""


@dataclass(frozen=True)
class Entry:
    """A venue with the name of its area, whether it is open (``open``, ``shut``, ``unknown``), and its services."""

    venue: Venue
    area: Area
    now: str
    services: tuple[Item, ...]

    @property
    def running(self) -> int:
        """How many of its services are on."""
        return sum(item.withdrawn_at is None for item in self.services)


def entries(session: Session, path: str, asked: Asked = Asked()) -> list[Entry]:
    """The venues at or below ``path`` by code, as they stand at this moment."""
    query = select(Venue, Area).join(Area, col(Area.id) == Venue.area_id).where(areas.within(path))
    query = query.where(col(Venue.closed_at).is_(None))
    wanted = ((Venue.kind, asked.kind), (Venue.state, asked.state))
    query = query.where(*(column == word for column, word in wanted if word)).options(areas.WITHOUT_OUTLINES)
    found, at = session.exec(query.order_by(col(Venue.code))).all(), clock.now()
    offered = _offered(session, [venue.id for venue, _ in found])
    rows = [Entry(venue, area, now(venue, at), tuple(offered[venue.id])) for venue, area in found]
    return [row for row in rows if not asked.now or row.now == asked.now]


def _offered(session: Session, venues: list[int]) -> dict[int, list[Item]]:
    offered: dict[int, list[Item]] = defaultdict(list)
    for item in session.exec(select(Item).where(col(Item.venue_id).in_(venues)).order_by(col(Item.id))):
        offered[item.venue_id or 0].append(item)
    return offered


def now(venue: Venue, at: datetime) -> str:
    """Whether a venue is open at a moment: ``open``, ``shut``, or ``unknown`` where its hours can't be read."""
    if venue.state != OPEN:
        return "shut"
    hours = opening_hours.read(venue.hours)
    if hours is None:
        return "unknown"
    return "open" if opening_hours.open_at(hours, at) else "shut"


def venue(session: Session, actor: Actor, code: str) -> tuple[Venue, Area]:
    """A venue with its area. NotFound where there is none within the actor's area."""
    query = select(Venue, Area).join(Area, col(Area.id) == Venue.area_id).where(Venue.code == clean(code))
    found = session.exec(query.where(areas.within(actor.area_path))).first()
    if found is None:
        raise NotFound("There is no venue {code} that you can see. Choose one from the list.", code=code[:40])
    return found[0], found[1]


def change_state(session: Session, actor: Actor, code: str, seen: str, state: str) -> Venue:
    """Put a venue into another state; ``seen`` is the one it had when the page was drawn. The audit says who did."""
    found, area = venue(session, actor, code)
    require(actor, "venue.state", area.path)
    if state not in vocabulary.codes("venue_state") or state == found.state:
        raise Refused("Choose another state than the present one.")
    if found.state != seen:
        raise Refused("Somebody changed the state of {name} just now. Look at it again.", name=found.name)
    found.state = state
    audit.write(session, actor.name, "venue.state", found.code, {"before": seen, "after": state}, area=area.path)
    return found


@dataclass(frozen=True)
class Counts:
    """How many venues of each kind stand in each column; ``columns`` are states, or areas by code with their names."""

    columns: dict[str, str]
    cells: dict[str, dict[str, int]]


def by_state(found: list[Entry]) -> Counts:
    """How many of each kind are in each state; states without any are left out."""
    states = [code for code in vocabulary.codes("venue_state") if any(row.venue.state == code for row in found)]
    return _counts(dict.fromkeys(states, ""), [(row.venue.kind, row.venue.state) for row in found])


def by_area(session: Session, area_id: int, found: list[Entry]) -> Counts:
    """How many of each kind stand in each area one level down, and in the area itself."""
    here = session.get_one(Area, area_id)
    inside = areas.children(session, area_id)
    pairs = [(row.venue.kind, _among(inside, row.area) or here.code) for row in found]
    names = {area.code: area.name for area in (here, *inside)}
    return _counts({code: name for code, name in names.items() if any(at == code for _, at in pairs)}, pairs)


def _among(inside: list[Area], area: Area) -> str:
    return next((one.code for one in inside if area.path.startswith(one.path)), "")


def _counts(columns: dict[str, str], pairs: list[tuple[str, str]]) -> Counts:
    cells: dict[str, dict[str, int]] = {}
    for kind in vocabulary.codes("venue"):
        row = {code: pairs.count((kind, code)) for code in columns}
        if any(row.values()):
            cells[kind] = row
    return Counts(columns, cells)
