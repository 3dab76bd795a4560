"""Record queries: the statement behind an evidence, with the same columns whatever the records are."""

from typing import Any

from sqlalchemy import literal, null
from sqlalchemy.sql import Select
from sqlmodel import col, func, select

from models.area import Area
from services.places.areas import within

_COLUMNS = ("name", "kind", "area", "code", "amount", "at")


def record_of(**told: Any) -> Select[Any]:
    """Select records by the columns told: name, kind, area, code, amount, at; those not told are empty."""
    empty = {"amount": null(), "at": null()}
    columns = [told.get(name, empty.get(name, literal(""))).label(name) for name in _COLUMNS]
    found: Select[Any] = select(*columns)
    return found


def placed(table: Any, root: Area, **told: Any) -> Select[Any]:
    """Records of a table that hangs on an area, at or below ``root``."""
    found = record_of(area=col(Area.name), **told).select_from(table).join(Area, col(Area.id) == table.area_id)
    return found.where(within(root.path)).order_by(col(Area.path), told.get("code", col(Area.path)))


def standing(table: Any, root: Area, **told: Any) -> Select[Any]:
    """Those of them that were not closed in the setup."""
    return placed(table, root, **told).where(table.closed_at.is_(None))


def kinds_of(query: Select[Any], kind: Any, name: Any = None) -> Select[Any]:
    """The different kinds that occur among the records of a query, with how many there are of each."""
    told = {"kind": kind} if name is None else {"name": name}
    grouped = record_of(**told, amount=func.count())
    columns = [*grouped.selected_columns]
    found = query.with_only_columns(*columns, maintain_column_froms=True).where(kind.is_not(None))
    return found.order_by(None).group_by(kind if name is None else name).order_by(kind if name is None else name)
