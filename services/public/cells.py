"""Cells: the cases behind the public figures, sorted by kind, so that every figure is a sum of whole cells.

Two cases are of one kind when the same parts of the same figures count them. Figures that overlap, such as what is
open and what is overdue, are so told from the same cells, and nothing can be got by taking one from another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, true
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from services.figures import verdict_rate
from services.figures.indicators import definitions
from services.figures.kept_counts import Span
from services.matters import case_conditions
from services.places import areas

NUMERATOR, DENOMINATOR = ".n", ".d"
# The public is not told how many a figure leaves out.
_PARTS = {"numerator": NUMERATOR, "denominator": DENOMINATOR}
# A figure of persons, who are counted with the topic they were asked about.
_PERSONS = "satisfied_rate"


@dataclass(frozen=True)
class Cell:
    """How many cases of one kind lie directly in one area: those anybody may list, and the others."""

    kind: str
    area_id: int
    public: bool
    number: int


def found(session: Session, codes: tuple[str, ...], path: str, flow: str, span: Span) -> Iterator[Cell]:
    """Every cell of the figures called ``codes`` of a flow, at or below ``path``; empty ones are absent."""
    conditions = dict(_conditions(codes, flow, span))
    if conditions:
        yield from _cases(session, conditions, path, flow)
    if _PERSONS in codes and case_conditions.flow_of(_PERSONS) == flow:
        yield from _persons(session, path, flow, span)


def _conditions(codes: tuple[str, ...], flow: str, span: Span) -> Iterator[tuple[str, Any]]:
    inside = col(Matter.opened_month).between(span.first, span.last)
    for code in codes:
        if flow in case_conditions.flows_of(code) and case_conditions.flow_of(code, flow) == flow:
            when = true() if definitions()[code].now else inside
            for part, ending in _PARTS.items():
                if case_conditions.listable(code, part):
                    yield f"{code}{ending}", and_(when, case_conditions.condition(f"{code}.{part}", flow))


def _cases(session: Session, conditions: dict[str, Any], path: str, flow: str) -> Iterator[Cell]:
    here = col(Matter.area_id).in_(select(Area.id).where(areas.within(path)))
    flags = [case((holds, 1), else_=0).label(f"part_{at}") for at, holds in enumerate(conditions.values())]
    rows = sql_select(col(Matter.area_id), col(Matter.public), *flags)
    told = rows.where(here, col(Matter.flow) == flow, or_(*conditions.values())).subquery()
    for area_id, public, *held, number in session.execute(sql_select(*told.c, func.count()).group_by(*told.c)):
        kind = " ".join(part for part, holds in zip(conditions, held, strict=True) if holds)
        yield Cell(kind, area_id, bool(public), number)


def _persons(session: Session, path: str, flow: str, span: Span) -> Iterator[Cell]:
    both = f"{_PERSONS}{NUMERATOR} {_PERSONS}{DENOMINATOR}"
    for area_id, public, satisfied, asked in verdict_rate.by_area(session, path, flow, span):
        yield Cell(both, area_id, public, satisfied)
        yield Cell(f"{_PERSONS}{DENOMINATOR}", area_id, public, asked - satisfied)
