"""Leftovers: areas, units, categories and the like that an import made on the way, and whether others use them."""

from typing import Any

from sqlalchemy import Table, delete, exists, update
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from models.area import Area
from models.category import CategoryWord, LocalCategory
from models.importing import ImportBatch, ImportChange
from models.matter import Matter
from models.matter_count import MatterCount, MatterLasting, MatterSplit
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.importing.matters.known import chunks

# In the order in which they can go: what stands on something else goes before it.
TABLES: dict[str, type[SQLModel]] = {
    "forum": Forum,
    "office": Office,
    "venue": Venue,
    "organisation": Organisation,
    "area": Area,
}


def clear(session: Session, batch: ImportBatch) -> dict[str, int]:
    """Delete what the import made and nothing else uses; how many of each kind went."""
    gone = {"category": _categories(session, batch)}
    for kind, model in TABLES.items():
        gone[kind] = _rows(session, _made(session, batch, kind), _table(model))
    gone["place"] = _places(session, batch)
    # The root of a place that went can go now.
    gone["area"] += _rows(session, _made(session, batch, "area"), _table(Area)) if gone["place"] else 0
    return {kind: count for kind, count in gone.items() if count}


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _made(session: Session, batch: ImportBatch, kind: str) -> list[int]:
    # A column of JSON holds its own null, which is not the database's.
    rows = select(ImportChange.row_id, ImportChange.before).where(
        ImportChange.batch_id == batch.id, ImportChange.kind == kind
    )
    return [row_id for row_id, before in session.exec(rows) if before is None]


def _categories(session: Session, batch: ImportBatch) -> int:
    codes = [str(code) for code in _made(session, batch, "category")]
    used = exists().where(col(Matter.category) == col(LocalCategory.code))
    learned = exists().where(col(CategoryWord.category) == col(LocalCategory.code), col(CategoryWord.n) > 0)
    gone = _deleted(session, delete(LocalCategory).where(col(LocalCategory.code).in_(codes), ~used, ~learned))
    known = exists().where(col(LocalCategory.code) == col(CategoryWord.category))
    session.execute(delete(CategoryWord).where(col(CategoryWord.category).in_(codes), ~known))
    return gone


def _rows(session: Session, left: list[int], table: Table) -> int:
    """Delete in rounds, as a tree is felled: its leaves first."""
    gone = 0
    while left:
        if table is _table(Area):
            _uncount(session, left)
        free = [delete(table).where(table.c.id.in_(part), *_unused(table, table.c.id)) for part in chunks(left)]
        round_ = sum(_deleted(session, statement) for statement in free)
        if not round_:
            break
        gone += round_
    return gone


def _uncount(session: Session, area_ids: list[int]) -> None:
    """Counts that have come down to nothing must not hold an area."""
    for counts in (MatterCount, MatterSplit, MatterLasting):
        for part in chunks(area_ids):
            session.execute(delete(counts).where(col(counts.n) == 0, col(counts.area_id).in_(part)))


def _places(session: Session, batch: ImportBatch) -> int:
    """Delete a place whose root nobody else uses, and which no other import names."""
    others = select(ImportBatch.place_id).where(col(ImportBatch.place_id).is_not(None), ImportBatch.id != batch.id)
    named, table = set(session.exec(others)), _table(Place)
    made = [place_id for place_id in _made(session, batch, "place") if place_id not in named]
    unused = _unused(_table(Area), table.c.area_id, but=table)
    free = list(session.connection().execute(table.select().where(table.c.id.in_(made), *unused)).scalars())
    if free:
        # The record of the import itself must not hold the place it made.
        session.execute(update(ImportBatch).where(col(ImportBatch.id) == batch.id).values(place_id=None))
    return _deleted(session, delete(table).where(table.c.id.in_(free)))


def _unused(table: Table, key: Any, but: Table | None = None) -> list[ColumnElement[bool]]:
    """That no row of any table, ``but`` one, points to the row of ``table`` whose id is ``key``."""
    pointing = [
        column
        for other in SQLModel.metadata.tables.values()
        for column in other.columns
        if other is not but and any(held.column.table is table for held in column.foreign_keys)
    ]
    return [~exists().where(column.table.alias().c[column.name] == key) for column in pointing]


def _deleted(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
