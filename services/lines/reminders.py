"""Reminders 催办: what each unit owes now: seriously overdue, overdue, due soon, held too long, not signed in yet.

Matters without a unit are the desk's. That a sheet was handed out is an audit line, with the unit and its counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.area import Area
from models.audit import AuditLine
from models.matter import Matter
from models.organisation import Organisation
from services.engine import deadlines, flows, versioned_cache
from services.matters import case_conditions, matters
from services.matters.matters import Filter, Row
from services.rights import audit
from services.rights.permissions import Actor, require
from services.rules import worktime
from services.system import clock
from services.system.errors import NotFound

DESK = "desk"
KINDS = ("serious", "overdue", "due_soon", "hold_over", "to_sign")
LISTED = 300
_REMEMBERED_DAYS = 365


@dataclass(frozen=True)
class Owing:
    """A unit and how many matters of each kind it owes; ``overdue`` are those that are not seriously so."""

    code: str
    name: str
    counts: dict[str, int]
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """A matter of a sheet: ``late`` are the working days past its deadline while its clock runs.

    ``to_sign`` is whether nobody took it on.
    ``where`` is never narrower than an estate: a sheet leaves the house, and a building may point at somebody.
    """

    row: Row
    where: str
    late: float | None
    to_sign: bool


@dataclass(frozen=True)
class Sheet:
    """The reminder of one unit at a moment; ``entries`` are the first LISTED, most urgent first."""

    owing: Owing
    at: datetime
    entries: list[Entry]


def owing(session: Session, actor: Actor, path: str) -> list[Owing]:
    """Every unit that owes something at or below ``path``, the worst first; the desk last. At most a minute old."""
    require(actor, "page.reminders", path)
    found = versioned_cache.kept(session, actor, ("owing", path), lambda: _owing(session, actor, path), seconds=60)
    told = _reminded(session, path)
    return [Owing(one.code, one.name, one.counts, told.get(one.code)) for one in found]


def _owing(session: Session, actor: Actor, path: str) -> list[Owing]:
    at = clock.now()
    sums = [func.sum(case((asked, 1), else_=0)) for asked in _kinds(at).values()]
    mine = matters.conditions(session, actor, Filter(path=path, flow="", openness="open"))
    inner = select(Matter.unit_id, *sums).where(*mine).group_by(col(Matter.unit_id))
    counted = {unit: dict(zip(KINDS, map(int, counts), strict=True)) for unit, *counts in session.execute(inner)}
    known = {one.id: one for one in session.exec(select(Organisation).where(col(Organisation.id).in_(counted)))}
    found = [
        Owing(known[unit].code if unit else DESK, known[unit].name if unit else "", counts)
        for unit, counts in counted.items()
        if any(counts.values())
    ]
    return sorted(found, key=_urgency)


def _urgency(one: Owing) -> tuple[object, ...]:
    return (one.code == DESK, *(-one.counts[kind] for kind in KINDS), one.code)


def _kinds(at: datetime) -> dict[str, ColumnElement[bool]]:
    # Of open matters. To ask again whether they are open would keep the database from answering out of its index.
    told, due, relieved = deadlines.levels(at), col(Matter.due_at), case_conditions.relieved(at)
    return {
        "serious": and_(due < told.serious, ~relieved),
        "overdue": and_(due < at, or_(due >= told.serious, relieved)),
        "due_soon": and_(due >= at, due < told.soon),
        "hold_over": and_(case_conditions.stopped(), col(Matter.hold_until) < at),
        "to_sign": _to_sign(),
    }


def _handed_over() -> set[tuple[str, str]]:
    """Where a matter stands that a unit was given and has not taken on."""
    return {(a.flow, a.target) for flow in flows.flows() for a in flows.arrows(flow) if a.counts == "dispatches"}


def _to_sign() -> ColumnElement[bool]:
    return or_(*(and_(col(Matter.flow) == flow, col(Matter.state) == state) for flow, state in _handed_over()))


def sheet(session: Session, actor: Actor, path: str, code: str) -> Sheet:
    """The sheet of one unit, or of the desk; NotFound for a unit that owes nothing here."""
    found = next((one for one in owing(session, actor, path) if one.code == code), None)
    if found is None:
        raise NotFound("The unit {unit} has nothing to be reminded of here. Choose one from the list.", unit=code[:48])
    at = clock.now()
    mine = matters.conditions(session, actor, Filter(path=path, flow="", openness="open"))
    unit = select(Organisation.id).where(Organisation.code == code).scalar_subquery()
    whose = col(Matter.unit_id).is_(None) if code == DESK else col(Matter.unit_id) == unit
    asked = select(Matter.id).where(*mine, whose, or_(*_kinds(at).values()))
    ids = list(session.exec(asked.order_by(*matters.SORTS["due"]()).limit(LISTED)))
    rows = matters.rows(session, ids)
    wide = _estates(session, {row.matter.area_id for row in rows})
    return Sheet(found, at, [_entry(row, wide.get(row.matter.area_id, row.area), at) for row in rows])


def _estates(session: Session, ids: set[int]) -> dict[int, str]:
    """The names of the areas around those of these that are buildings."""
    above = aliased(Area)
    query = select(Area.id, above.name).join(above, col(above.id) == Area.parent_id)
    return dict(session.exec(query.where(col(Area.id).in_(ids), Area.level == "building")).all())


def _entry(row: Row, where: str, at: datetime) -> Entry:
    due = row.matter.due_at if row.matter.time_left is None else None
    late = worktime.between(due, at, "work_day") if due and due < at else None
    return Entry(row, where, late, (row.matter.flow, row.matter.state) in _handed_over())


def issue(session: Session, actor: Actor, path: str, code: str) -> Sheet:
    """Note that the sheet of a unit was handed out, and return it."""
    require(actor, "reminders.issue", path)
    found = sheet(session, actor, path, code)
    audit.write(session, actor.name, "remind", code, dict(found.owing.counts), area=path)
    return found


def issue_all(session: Session, actor: Actor, path: str) -> list[Sheet]:
    """Note that the sheets of all units were handed out, and return them."""
    return [issue(session, actor, path, one.code) for one in owing(session, actor, path)]


def _reminded(session: Session, path: str) -> dict[str, datetime]:
    """When each unit was last reminded of matters of this area, or of one around or inside it."""
    since = clock.now() - timedelta(days=_REMEMBERED_DAYS)
    lines = select(AuditLine).where(col(AuditLine.at) >= since, AuditLine.act == "remind").order_by(col(AuditLine.seq))
    told = ((line.subject, line.at, str((line.data or {}).get("area", ""))) for line in session.exec(lines))
    return {subject: at for subject, at, area in told if area.startswith(path) or path.startswith(area)}
