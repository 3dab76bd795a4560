"""Evidence from the registers: areas, organisations, forums, venues and posts."""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.figures.card_evidence import LARGEST, SUM, Records, evidence
from services.figures.record_queries import kinds_of, record_of, standing
from services.places.areas import within
from services.registers import coverage, estates


def _areas(root: Area, *wanted: ColumnElement[bool]) -> Select[tuple[str]]:
    above = aliased(Area)
    found = record_of(
        name=col(Area.name),
        kind=func.coalesce(Area.kind, ""),
        area=func.coalesce(above.name, ""),
        code=col(Area.code),
        amount=col(Area.households),
    )
    found = found.select_from(Area).outerjoin(above, col(above.id) == Area.parent_id)
    return found.where(within(root.path), col(Area.closed_at).is_(None), *wanted).order_by(col(Area.path))


@evidence("areas")
def areas(_session: Session, root: Area, level: str, kind: str = "") -> Records:
    """Areas of one level, of one kind or of all."""
    wanted = [col(Area.level) == level, *([col(Area.kind) == kind] if kind else [])]
    return Records(_areas(root, *wanted), "areas", kinds=level, leads="map")


@evidence("levels")
def levels(_session: Session, root: Area) -> Records:
    """Levels of the tree that occur below."""
    inside = _areas(root, col(Area.level) != root.level)
    return Records(kinds_of(inside, col(Area.level)), "levels", kinds="level")


@evidence("estate_kinds")
def estate_kinds(_session: Session, root: Area) -> Records:
    """Kinds of estate that occur."""
    return Records(kinds_of(_areas(root, col(Area.level) == "estate"), col(Area.kind)), "kinds", kinds="estate")


@evidence("areas_served")
def areas_served(_session: Session, root: Area, level: str, kinds: str) -> Records:
    """Areas of one level in which an organisation of the kinds named has its seat."""
    seat = aliased(Area)
    seated = select(Organisation.id).join(seat, col(seat.id) == Organisation.area_id)
    seated = seated.where(col(Organisation.kind).in_(kinds.split()), col(Organisation.closed_at).is_(None))
    inside = func.substr(seat.path, 1, func.length(col(Area.path))) == Area.path
    query = _areas(root, col(Area.level) == level, seated.where(inside).exists())
    return Records(query, "areas", kinds=level, leads="map")


def _bodies(root: Area) -> Select[tuple[str]]:
    return standing(
        Organisation, root, name=col(Organisation.name), kind=col(Organisation.kind), code=col(Organisation.code)
    )


@evidence("actor_kinds")
def actor_kinds(_session: Session, root: Area, kinds: str) -> Records:
    """How many of the kinds of organisation named have at least one organisation."""
    query = _bodies(root).where(col(Organisation.kind).in_(kinds.split()))
    return Records(kinds_of(query, col(Organisation.kind)), "kinds", kinds="organisation")


@evidence("organisations")
def organisations(
    _session: Session, root: Area, kind: str = "", kinds: str = "", level: str = "", below: str = ""
) -> Records:
    """Organisations on record: of one kind or several, seated in areas of one level, or below one of them."""
    query = _bodies(root)
    named = [*kinds.split(), *filter(None, [kind])]
    query = query.where(col(Organisation.kind).in_(named)) if named else query
    query = query.where(col(Area.level) == level) if level else query
    query = query.where(_under(below)) if below else query
    return Records(query, "organisations", kinds="organisation")


def _under(code: str) -> ColumnElement[bool]:
    above = select(Organisation.path).where(Organisation.code == code).scalar_subquery()
    return and_(col(Organisation.path).startswith(above), col(Organisation.code) != code)


@evidence("forums")
def forums(_session: Session, root: Area, organisation: str = "") -> Records:
    """Standing forums, of one organisation or of all."""
    query = standing(Forum, root, name=col(Forum.name), code=col(Forum.code), amount=col(Forum.expected))
    if organisation:
        query = query.join(Organisation, col(Organisation.id) == Forum.organisation_id)
        query = query.where(col(Organisation.code) == organisation)
    return Records(query, "forums")


@evidence("venues")
def venues(_session: Session, root: Area, kind: str = "", estates: str = "", state: str = "") -> Records:
    """Venues: of one kind or of all, in one kind of estate, in one state."""
    query = standing(Venue, root, name=col(Venue.name), kind=col(Venue.kind), code=col(Venue.code))
    query = query.where(col(Venue.kind) == kind) if kind else query
    query = query.where(col(Venue.state) == state) if state else query
    query = query.where(col(Area.kind) == estates) if estates else query
    return Records(query, "venues", kinds="venue")


def _posts(root: Area, kind: str) -> Select[tuple[str]]:
    query = standing(
        Office,
        root,
        name=col(Office.title),
        kind=col(Office.kind),
        code=col(Office.code),
        amount=col(Office.households),
    )
    return query.where(col(Office.kind) == kind, col(Office.filled))


@evidence("offices")
def offices(_session: Session, root: Area, kind: str) -> Records:
    """Posts of one kind that are filled."""
    return Records(_posts(root, kind), "posts", kinds="office")


@evidence("most_households")
def most_households(_session: Session, root: Area, kind: str) -> Records:
    """The most households that one filled post of a kind is there for."""
    return Records(_posts(root, kind), "households", kinds="office", measure=LARGEST)


@evidence("estates_complete")
def estates_complete(session: Session, root: Area, kind: str = "") -> Records:
    """Estates, of one kind or of all, that have every body their kind needs."""
    found = estates.estates(session, root.path)
    return _estates(
        root, [one.area.code for one in found if one.standing == "complete" and kind in ("", one.area.kind)]
    )


@evidence("estates_missing")
def estates_missing(session: Session, root: Area, body: str) -> Records:
    """Estates that miss a body of one kind which theirs needs."""
    found = estates.estates(session, root.path)
    return _estates(root, [one.area.code for one in found if any(gap.kind == body for gap in one.missing)])


def _estates(root: Area, codes: list[str]) -> Records:
    return Records(_areas(root, col(Area.code).in_(codes)), "estates", kinds="estate", leads="map")


@evidence("covered")
def covered(_session: Session, root: Area, kind: str, standing: str = "within") -> Records:
    """Filled posts of a kind that are under, within or over the number of households their rule says."""
    least, most = coverage.bands()[kind].range(standing)
    homes = col(Office.households)
    wanted = [*([homes >= least] if least is not None else []), *([homes <= most] if most is not None else [])]
    return Records(_posts(root, kind).where(homes.is_not(None), *wanted), "posts", kinds="office")


@evidence("households_linked")
def households_linked(_session: Session, root: Area, kind: str) -> Records:
    """The households that the filled posts of a kind are there for, together."""
    return Records(_posts(root, kind), "households", kinds="office", measure=SUM)
