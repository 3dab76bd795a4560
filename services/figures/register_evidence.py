"""Evidence from the registers: whom organisations serve, what they offer, and whom posts are there for."""

from typing import Any

from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.item import Item
from models.organisation import Organisation
from models.place import Office
from services.figures.card_evidence import Evidence, evidence
from services.places.areas import within
from services.registers import coverage, estates, filings, memberships


@evidence("areas_served")
def areas_served(session: Session, root: Area, level: str, kinds: str) -> Evidence:
    """Areas of one level in which an organisation of the kinds named has its seat."""
    seat = aliased(Area)
    seated = select(Organisation.id).join(seat, col(seat.id) == Organisation.area_id)
    seated = seated.where(col(Organisation.kind).in_(kinds.split()))
    inside = func.substr(seat.path, 1, func.length(col(Area.path))) == Area.path
    query = select(Area).where(within(root.path), Area.level == level, seated.where(inside).exists())
    return Evidence(_figure(session, query, func.count()), "areas", "map", {"area": root.code, "level": level})


@evidence("most_households")
def most_households(session: Session, root: Area, kind: str) -> Evidence:
    """The most households that one filled post of a kind is there for."""
    query = (
        select(Office)
        .join(Area, col(Area.id) == Office.area_id)
        .where(within(root.path))
        .where(col(Office.kind) == kind, col(Office.filled))
    )
    most = _figure(session, query, func.max(col(Office.households)))
    return Evidence(most, "households", "organisations", {"area": root.code, "office": kind})


@evidence("estates_complete")
def estates_complete(session: Session, root: Area, kind: str = "") -> Evidence:
    """Estates, of one kind or of all, that have every body their kind needs."""
    found = [one for one in estates.estates(session, root.path) if not kind or one.area.kind == kind]
    complete = sum(one.standing == "complete" for one in found)
    return Evidence(complete, "estates", "estates", {"area": root.code})


@evidence("estates_missing")
def estates_missing(session: Session, root: Area, body: str) -> Evidence:
    """Estates that miss a body of one kind which theirs needs."""
    found = estates.estates(session, root.path)
    missing = sum(any(gap.kind == body for gap in one.missing) for one in found)
    return Evidence(missing, "estates", "estates", {"area": root.code})


@evidence("covered")
def covered(session: Session, root: Area, kind: str, standing: str = "within") -> Evidence:
    """Filled posts of a kind that are under, within or over the number of households their rule says."""
    band = coverage.bands()[kind]
    found = coverage.covered(session, root.path, kind, root.level)
    count = sum(band.standing(load) == standing for one in found for load in one.loads)
    return Evidence(count, "posts", "posts", {"area": root.code, "post": kind})


@evidence("households_linked")
def households_linked(session: Session, root: Area, kind: str) -> Evidence:
    """The households that the filled posts of a kind are there for, together."""
    found = coverage.covered(session, root.path, kind, root.level)
    return Evidence(sum(one.linked for one in found), "households", "posts", {"area": root.code, "post": kind})


@evidence("cross_appointments")
def cross_appointments(session: Session, root: Area) -> Evidence:
    """Filled posts that sit in another body besides their own, as a count."""
    return Evidence(len(memberships.cross_appointed(session, root.path)), "posts", "estates", {"area": root.code})


@evidence("members")
def members(session: Session, root: Area, kind: str = "") -> Evidence:
    """Member organisations of the alliances and committees of one kind or of all."""
    found = [one for one in memberships.members(session, root.path) if not kind or one.body.kind == kind]
    return Evidence(len(found), "members", "alliances", {"area": root.code})


@evidence("idle_members", matters=True)
def idle_members(session: Session, root: Area, kind: str = "") -> Evidence:
    """Member organisations that joined and have not acted together since."""
    found = [one for one in memberships.members(session, root.path) if not kind or one.body.kind == kind]
    return Evidence(sum(one.idle for one in found), "members", "alliances", {"area": root.code})


@evidence("reviews")
def reviews(session: Session, root: Area, standing: str = "reviewed") -> Evidence:
    """Organisations whose yearly review stands so: reviewed, due, overdue, or that are not on file."""
    count = sum(one.standing == standing for one in filings.filings(session, root.path))
    return Evidence(count, "organisations", "alliances", {"area": root.code})


@evidence("items")
def items(
    session: Session, root: Area, kind: str, organisation: str = "", name: str = "", instance: str = ""
) -> Evidence:
    """Services, things, rooms and brands still offered: of one organisation, of one name, of one instance or of all."""
    query = _offered(root, kind, organisation, name, instance)
    return Evidence(_figure(session, query, func.count()), "offers", "organisations", {"area": root.code})


@evidence("capacity")
def capacity(
    session: Session, root: Area, kind: str, organisation: str = "", name: str = "", instance: str = ""
) -> Evidence:
    """How many can use what is offered at one time, of all such items together."""
    query = _offered(root, kind, organisation, name, instance)
    whole = _figure(session, query, func.sum(col(Item.capacity)))
    return Evidence(whole, "places to use", "organisations", {"area": root.code})


def _figure(session: Session, query: Any, what: Any) -> int:
    return int(session.exec(query.with_only_columns(what)).one() or 0)


def _offered(root: Area, kind: str, organisation: str, name: str, instance: str) -> Select[Any]:
    query = select(Item).join(Organisation, col(Organisation.id) == Item.organisation_id)
    query = query.join(Area, col(Area.id) == Organisation.area_id)
    query = query.where(within(root.path), Item.kind == kind, col(Item.withdrawn_at).is_(None))
    asked = ((Organisation.code, organisation), (Item.name, name), (Item.instance, instance))
    return query.where(*(column == word for column, word in asked if word))
