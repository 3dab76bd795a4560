"""Beside 旁表: columns of a list that a flow keeps in a table of its own beside the matter."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from models.clause import Clause
from models.deliberation import Deliberation
from models.matter import Matter
from models.occasion import Headcount, Occasion
from models.place import Forum


def _of(query: "Select[Any]") -> ColumnElement[Any]:
    return query.correlate(Matter).scalar_subquery()


def _deliberated(column: Any) -> ColumnElement[Any]:
    return _of(sql_select(col(column)).where(col(Deliberation.matter_id) == Matter.id))


def _forum() -> ColumnElement[Any]:
    named = sql_select(col(Forum.name)).join(Deliberation, col(Deliberation.forum_id) == Forum.id)
    return _of(named.where(col(Deliberation.matter_id) == Matter.id))


def _clauses() -> ColumnElement[Any]:
    """How many clauses were kept, of those that hold: such as 2 / 5."""
    kept = func.sum(case((col(Clause.state) == "fulfilled", 1), else_=0))
    told = cast(kept, String) + " / " + cast(func.count(), String)
    return _of(sql_select(told).where(col(Clause.matter_id) == Matter.id, col(Clause.state) != "dropped"))


def _occasions() -> ColumnElement[Any]:
    """How many occasions there are that were not called off."""
    standing = sql_select(func.count()).select_from(Occasion)
    return _of(standing.where(col(Occasion.matter_id) == Matter.id, col(Occasion.called_off_at).is_(None)))


def _present() -> ColumnElement[Any]:
    """How many came in all; a headcount, in which somebody who came twice is there twice."""
    counted = sql_select(func.sum(Headcount.present)).join(Occasion, col(Occasion.id) == Headcount.occasion_id)
    return _of(counted.where(col(Occasion.matter_id) == Matter.id))


COLUMNS: dict[str, Callable[[], ColumnElement[Any]]] = {
    "forum": _forum,
    "grade": lambda: _deliberated(Deliberation.grade),
    "parties": lambda: _deliberated(Deliberation.parties),
    "clauses": _clauses,
    "occasions": _occasions,
    "present": _present,
}

# What only the desk reads.
INSIDE = ("grade", "parties")


def at_forum(code: str) -> ColumnElement[bool]:
    """The condition that holds for what the forum called ``code`` has on its table."""
    here = select(Forum.id).where(Forum.code == code)
    return col(Matter.id).in_(select(Deliberation.matter_id).where(col(Deliberation.forum_id).in_(here)))
