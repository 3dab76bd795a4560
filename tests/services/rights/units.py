"""A place with matters of several units, for tests of who sees which."""

from random import Random
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.event import Event
from models.matter import Link, Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import events, flows
from services.matters import search
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock, db
from tests.databases import template

UNITS = ("CL-O-CG", "CL-O-HW", "CL-O-WY4", "CL-O-XF", "")
RAISER = Actor(None, "Raiser", "staff")


def organisation(session: Session, code: str) -> Organisation:
    return session.exec(select(Organisation).where(Organisation.code == code)).one()


def clerk(session: Session, code: str, area: Area | None = None) -> Actor:
    """The clerk of a unit, in an area or everywhere."""
    unit = organisation(session, code)
    path, area_id = (area.path, area.id) if area else ("", None)
    return Actor(None, code, "unit_clerk", path, area_id, organisation_id=unit.id, organisation_path=unit.path)


def add(session: Session, area: Area, number: int, unit: str = "", **fields: Any) -> Matter:
    """A matter with its first event, findable by its title ``Secret <number>``."""
    told: dict[str, Any] = {"flow": "issue", "state": "in_progress", "lng": area.lng, "lat": area.lat} | fields
    matter = Matter(
        number=f"CL-2026-{number:06d}",
        title=f"Secret {number} lamp is dark",
        area_id=area.id,
        opened_month=clock.month_of(clock.now()),
        unit_id=organisation(session, unit).id if unit else None,
        is_open=flows.state(told["flow"], told["state"]).is_open,
        **told,
    )
    session.add(matter)
    session.flush()
    if matter.flow == "action":
        matter.detail = {"acceptance": f"Test of {number}"}
    events.append(session, matter, RAISER, "create", note=f"Note of {number}")
    session.flush()
    search.index(session, [matter])
    return matter


def scattered(session: Session, chance: Random, root: Area, count: int = 40, first: int = 100) -> list[Matter]:
    """Matters of random flows, states, units and grids, tied to one another at random and named in each other's log."""
    grids = areas.descend(session, root.path, "grid")
    made: list[Matter] = []
    for at in range(count):
        flow = chance.choice(["issue", "issue", "issue", "action"]) if at % 5 else "issue"
        state = chance.choice(list(flows.states(flow))) if at % 5 else "merged"
        parent = chance.choice(made).id if made and flow == "action" else None
        fields = {"flow": flow, "state": state, "public": chance.random() < 0.2, "parent_id": parent}
        made.append(add(session, chance.choice(grids), first + at, chance.choice(UNITS), **fields))
    for matter in made:
        other = chance.choice(made)
        if other.id != matter.id:
            matter.repeats_id = other.id
            kind = "duplicate_of" if matter.state == "merged" else "discussed_in"
            session.add(Link(source_id=matter.id, target_id=other.id, kind=kind))
            events.append(session, matter, RAISER, "action_step", data={"number": other.number, "state": other.state})
    session.flush()
    return made


@template("units_world", on="place")
def _scatter() -> None:
    """A place that is scattered once for all tests whose fixture ``units_world`` asks for it."""
    with db.writing() as session:
        scattered(session, Random(1), session.get_one(Area, session.exec(select(Place.area_id)).one()))


def world(session: Session) -> list[Matter]:
    """What was scattered there."""
    return list(session.exec(select(Matter).order_by(col(Matter.id))))


def names(session: Session, numbers: set[str]) -> set[str]:
    """Every word that would give these matters away: numbers, titles, notes."""
    query = select(Matter.number, Matter.title, Event.note).join(Event, col(Event.matter_id) == Matter.id)
    found = session.exec(query.where(col(Matter.number).in_(numbers))).all()
    return {word for row in found for word in row if word}
