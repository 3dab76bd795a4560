"""Rows that were written past the objects of a session: which they are, and what they hold now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlmodel import Session

from services.system.seals import marks
from services.system.seals.book import parts
from services.system.seals.marks import Drop, Put, Set
from services.system.seals.tables import Sealed, sealed

Row = Mapping[str, Any]


def note(session: Session, name: str, rows: Iterable[Row]) -> None:
    """Note new rows; each has all of its columns, with what the database gave them."""
    one = sealed(name)
    for row in rows if one is not None else ():
        marks.mark(session, one, row, Put)  # type: ignore[arg-type]


def rewritten(session: Session, name: str, rows: Iterable[Row], names: list[str]) -> None:
    """Note that these columns of some rows were written; the rows are told by their keys."""
    one = sealed(name)
    if one is None or not one.writers.keys() & set(names):
        return
    for row in read(session, one, list(rows), names):
        marks.mark(session, one, row, Set)


def removed(session: Session, one: Sealed, rows: Iterable[Row]) -> None:
    """Note that rows went."""
    for row in rows:
        marks.mark(session, one, row, Drop)


def meant(session: Any, one: Sealed, statement: Any, parameters: Any) -> list[Row]:
    """The keys of the rows that an UPDATE or DELETE means, and what they point up to."""
    query = select(*_naming(one, []))
    query = query if statement.whereclause is None else query.where(statement.whereclause)
    found = list(session.connection().execute(query, parameters or {}).mappings())
    for row in found if statement.is_delete else []:
        marks.leaf(session, one, row)  # While what they hang on is still there.
    return found


def read(session: Session, one: Sealed, rows: list[Row], names: list[str]) -> list[Row]:
    """These columns of some rows as they are in the database, with their keys and what they point up to."""
    keys: list[Any] = list(one.table.primary_key.columns)
    found: list[Row] = []
    for some in parts([tuple(row[key.name] for key in keys) for row in rows]):
        query = select(*_naming(one, names)).where(_among(keys, some))
        found.extend(row for row in session.connection().execute(query).mappings())  # type: ignore[misc]
    return found


def _naming(one: Sealed, names: list[str]) -> list[Any]:
    wanted = dict.fromkeys(column.name for column in one.table.primary_key.columns)
    wanted |= dict.fromkeys([one.up.name] if one.up is not None else []) | dict.fromkeys(names)
    return [one.table.c[name] for name in wanted]


def _among(keys: list[Any], some: list[tuple[Any, ...]]) -> ColumnElement[bool]:
    if len(keys) == 1:
        return keys[0].in_([values[0] for values in some])  # type: ignore[no-any-return]
    return tuple_(*keys).in_(some)
