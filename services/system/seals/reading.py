"""Reading what lies on leaves: the rows of the sealed tables as they are now, in the order of their leaves."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, Table, literal, select

from services.system.seals.book import OWN, Held
from services.system.seals.tables import Sealed, sealed, under

_LAST = 2**62
_EACH = 5000


def leaves(connection: Connection, kind: Sealed, after: int = -_LAST, until: int = _LAST) -> dict[int, Held]:
    """What lies on each leaf of a kind whose number is above ``after`` and at most ``until``.

    Leaves that have no number of their own are all read at once.
    """
    found: dict[int, Held] = {}
    for row in _rows(connection, _own(kind, after, until)):
        found.setdefault(kind.of(row), {})[OWN] = kind.cells(row)
    for table in under(kind):
        for row in _rows(connection, _hanging(kind, table, after, until)):
            found.setdefault(row["leaf_of"], {})[table.key(row)] = table.cells(row)
    return found


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    yield from connection.execute(query.execution_options(yield_per=_EACH)).mappings()  # type: ignore[misc]


def _own(kind: Sealed, after: int, until: int) -> Select[Any]:
    table = kind.table
    query = select(*table.c) if kind.up is None else select(*table.c).where(kind.up.is_(None))
    if not kind.numbered:
        return query
    [key] = table.primary_key.columns
    return query.where(_between(key, after, until))


def _hanging(kind: Sealed, one: Sealed, after: int, until: int) -> Select[Any]:
    """The rows of a table that lead up to leaves of a kind, each with what its leaf is called."""
    joined: Any = one.table
    above = _up(one.table)
    while (parent := _target(above)) is not kind.table:
        joined = joined.join(parent, above == _key(parent))
        above = _up(parent)
    query = select(*one.table.c, above.label("leaf_of")).select_from(joined)
    if kind.up is not None:
        held = kind.table
        query = select(*one.table.c, above.label("leaf_of")).select_from(joined.join(held, above == _key(held)))
        query = query.where(kind.up.is_(None))
    return query.where(_between(above, after, until))


def _between(key: Column[Any], after: int, until: int) -> ColumnElement[bool]:
    return (key > literal(after, BigInteger)) & (key <= literal(until, BigInteger))


def _up(table: Table) -> Column[Any]:
    found = sealed(table.name)
    assert found is not None and found.up is not None
    return found.up


def _target(column: Column[Any]) -> Table:
    [key] = column.foreign_keys
    return key.column.table


def _key(table: Table) -> Column[Any]:
    [key] = table.primary_key.columns
    return key
