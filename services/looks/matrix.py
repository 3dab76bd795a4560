"""Matrix 矩阵: what was held, or what there is, by two things at once, empty cells included; of any flow.

``[matrix]`` of ``flow.toml`` names what its rows and columns can be: areas of a level, levels, units, months, or a
kept choice. Of a flow with occasions those that were held in the year count, else the matters begun in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, literal
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from services.engine import flows, versioned_cache
from services.matters import kept, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock
from services.words import vocabulary

_AREAS = ("community", "estate")
# From the widest to the narrowest, as in “five levels”.
_LEVELS = ("street", "community", "grid", "estate", "building")
MONTHS = tuple(f"{number:02d}" for number in range(1, 13))
_SECONDS = 60
_MOST = 200


@dataclass(frozen=True)
class Axis:
    """What stands along one side: the codes in their order, and the names of those that no vocabulary knows."""

    name: str
    codes: tuple[str, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Cell:
    """How many occasions (or matters), of how many matters, and how many came in all."""

    count: int
    matters: int
    present: int


@dataclass(frozen=True)
class Matrix:
    """The cells by code of row and column; a cell that is not there is an empty one."""

    rows: Axis
    columns: Axis
    cells: dict[tuple[str, str], Cell]


@dataclass(frozen=True)
class _Side:
    """An axis while it is counted: its expression in SQL, and the code that a value of it falls under."""

    axis: Axis
    value: Any
    code: Callable[[Any], str | None]


def holds(flow: str) -> bool:
    """Whether occasions are counted rather than matters."""
    return "occasions" in flows.flow(flow).words("page", "parts")


def axes(flow: str, side: str) -> tuple[str, ...]:
    """What the rows, or the columns, can be."""
    return flows.flow(flow).words("matrix", side)


def years(session: Session) -> list[int]:
    """The years that can be looked at: from the first occasion to this one, newest first."""
    first = session.exec(select(func.min(col(Occasion.starts_at)))).one()
    this = clock.today().year
    return list(range(this, min(clock.local(first).year if first else this, this) - 1, -1))


def matrix(session: Session, actor: Actor, wanted: Filter, rows: str, columns: str, year: int) -> Matrix:
    """The matrix of the matters asked for; at most a minute old."""
    question = ("matrix", wanted, rows, columns, year)
    return versioned_cache.kept(
        session, actor, question, lambda: _matrix(session, actor, wanted, rows, columns, year), _SECONDS
    )


def _matrix(session: Session, actor: Actor, wanted: Filter, rows: str, columns: str, year: int) -> Matrix:
    one, other = _side(session, wanted, rows, year), _side(session, wanted, columns, year)
    cells: dict[tuple[str, str], Cell] = {}
    for row in session.execute(_query(session, actor, wanted, one, other, year)):
        code, at = one.code(row.a), other.code(row.b)
        if code is not None and at is not None:
            was = cells.get((code, at), Cell(0, 0, 0))
            more = Cell(was.count + row.n, was.matters + row.m, was.present + int(row.present or 0))
            cells[code, at] = more
    return Matrix(one.axis, other.axis, cells)


def _query(session: Session, actor: Actor, wanted: Filter, one: _Side, other: _Side, year: int) -> Any:
    asked = matters.conditions(session, actor, wanted)
    at = _moment(wanted.flow)
    first, last = (clock.start_of(clock.day_of(f"{number}-01-01")) for number in (year, year + 1))
    sides = one.value.label("a"), other.value.label("b")
    many = func.count(Occasion.id) if holds(wanted.flow) else func.count()  # type: ignore[arg-type]
    base: Any = sql_select(*sides, many.label("n"), func.count(col(Matter.id).distinct()).label("m"))
    if holds(wanted.flow):
        came = sql_select(Headcount.occasion_id, func.sum(Headcount.present).label("present"))  # type: ignore[call-overload]
        came = came.group_by(Headcount.occasion_id).subquery()
        base = base.add_columns(func.sum(came.c.present).label("present")).select_from(Occasion)
        base = base.join(Matter, col(Matter.id) == Occasion.matter_id)
        base = base.outerjoin(came, came.c.occasion_id == Occasion.id)
        asked += [col(Occasion.called_off_at).is_(None), col(Occasion.starts_at) <= clock.now()]
    else:
        base = base.add_columns(literal(0).label("present")).select_from(Matter)
    base = base.join(Area, col(Area.id) == Matter.area_id)
    base = base.outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
    return base.where(*asked, at >= first, at < last).group_by("a", "b")


def _moment(flow: str) -> Any:
    return col(Occasion.starts_at) if holds(flow) else col(Matter.opened_at)


def _side(session: Session, wanted: Filter, name: str, year: int) -> _Side:
    if name in _AREAS:
        return _areas(session, wanted, name)
    if name == "unit":
        return _units(session, wanted)
    if name == "month":
        return _Side(Axis(name, MONTHS, {}), _month(wanted.flow, year), lambda number: MONTHS[int(number)])
    if name == "level":
        return _plain(name, _LEVELS, col(Area.level))
    if name == "category":
        return _plain(name, tuple(vocabulary.codes(name)), col(Matter.category))
    field = kept.of(wanted.flow)[name]
    return _plain(name, tuple(kept.choices(field)), kept.value(field))


def _plain(name: str, codes: tuple[str, ...], value: Any) -> _Side:
    return _Side(Axis(name, codes, {}), value, lambda code: code if code in codes else None)


def _month(flow: str, year: int) -> ColumnElement[int]:
    at = _moment(flow)
    bounds = (clock.start_of(clock.day_of(f"{year}-{month}-01")) for month in MONTHS[1:])
    return case(*((at < bound, literal(number)) for number, bound in enumerate(bounds)), else_=literal(11))


def _areas(session: Session, wanted: Filter, level: str) -> _Side:
    """The areas of a level below the one in view; what lies inside one of them counts there."""
    query = select(Area.code, Area.name, Area.path).where(areas.within(wanted.path), Area.level == level)
    found = list(session.exec(query.order_by(col(Area.path)).limit(_MOST)))
    by_step = {path.rstrip("/").rpartition("/")[2]: code for code, _name, path in found}
    axis = Axis(level, tuple(code for code, _name, _path in found), {code: name for code, name, _path in found})
    return _Side(
        axis, col(Area.path), lambda path: next((by_step[one] for one in path.split("/") if one in by_step), None)
    )


def _units(session: Session, wanted: Filter) -> _Side:
    """The organisations of the kinds that the flow names, whether they did anything or not."""
    kinds = flows.flow(wanted.flow).words("matrix", "units")
    query = select(Organisation.code, Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    found = session.exec(query.where(areas.within(wanted.path), col(Organisation.kind).in_(kinds)).limit(_MOST))
    names = dict(found.all())
    return _Side(
        Axis("unit", tuple(names), names), col(Organisation.code), lambda code: code if code in names else None
    )
