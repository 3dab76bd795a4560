"""Sorting: the orders a list may stand in, over all its rows; a ``-`` before the name turns one round."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, case, nulls_last
from sqlalchemy import select as sql_select
from sqlmodel import col

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from services.engine import flows
from services.matters import beside, kept

SORTS: dict[str, Callable[[], list[Any]]] = {
    "due": lambda: [col(Matter.due_at).is_(None), col(Matter.due_at), col(Matter.id).desc()],
    "newest": lambda: [col(Matter.opened_at).desc(), col(Matter.id).desc()],
    "oldest": lambda: [col(Matter.opened_at), col(Matter.id)],
    "number": lambda: [col(Matter.number)],
}


def _area() -> ColumnElement[Any]:
    return sql_select(col(Area.path)).where(col(Area.id) == Matter.area_id).correlate(Matter).scalar_subquery()


def _unit() -> ColumnElement[Any]:
    named = sql_select(col(Organisation.name)).where(col(Organisation.id) == Matter.unit_id)
    return named.correlate(Matter).scalar_subquery()


_COLUMNS: dict[str, Callable[[], Any]] = {
    "title": lambda: col(Matter.title),
    "area": _area,
    "category": lambda: col(Matter.category),
    "unit": _unit,
    "source": lambda: col(Matter.source),
    "closed": lambda: col(Matter.closed_at),
    **beside.COLUMNS,
}
# The column of a list that shows what a sort goes by, where the two are called differently.
_SAME = {"due": "due", "clock": "due", "opened": "oldest", "number": "number"}


def sort_of(flow: str, column: str) -> str:
    """The sort that goes by a column of the flow's list; nothing where none does."""
    return _SAME.get(column, column if column == "state" or column in _COLUMNS or column in kept.of(flow) else "")


def known(flow: str) -> list[str]:
    """The orders that a list of the flow may stand in, without the turned ones."""
    columns = (sort_of(flow, column) for column in flows.flow(flow).words("list", "columns")) if flow else ()
    return list(dict.fromkeys([*SORTS, *filter(None, columns)]))


def order(flow: str, sort: str) -> list[Any]:
    """The order as SQL; what has no value stands last either way, and the newest first among equals."""
    name, turned = sort.removeprefix("-"), sort.startswith("-")
    if name in SORTS and not turned:
        return SORTS[name]()
    by = column(flow, name)
    return [nulls_last(by.desc() if turned else by.asc()), col(Matter.id).desc()]


def column(flow: str, name: str) -> Any:
    """What a list of the flow is sorted by, as SQL."""
    if name == "state":
        # In the order of the main path.
        return case({code: at for at, code in enumerate(flows.states(flow))}, value=col(Matter.state))
    plain = {"due": Matter.due_at, "newest": Matter.opened_at, "oldest": Matter.opened_at, "number": Matter.number}
    if name in plain:
        return col(plain[name])
    return _COLUMNS[name]() if name in _COLUMNS else kept.value(kept.of(flow)[name])
