"""Reading what lies on leaves: the rows of the sealed tables as they are now, in the order of their leaves."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, Table, bindparam, select

from services.system.seals.book import OWN, Held
from services.system.seals.tables import Sealed, sealed, under

_LAST = 2**62
_EACH = 5000


def leaves(connection: Connection, kind: Sealed, after: int = -_LAST, until: int = _LAST) -> dict[int, Held]:
    """What lies on each leaf of a kind whose number is above ``after`` and at most ``until``.

    Leaves that have no number of their own are all read at once.
    """
    found: dict[int, Held] = {}
    between = {"after": after, "until": until}
    for row in _rows(connection, _own(kind.name), between if kind.numbered else {}):
        found.setdefault(kind.of(row), {})[OWN] = kind.cells(row)
    for table in under(kind):
        for row in _rows(connection, _hanging(kind.name, table.name), between):
            found.setdefault(row["leaf_of"], {})[table.key(row)] = table.cells(row)
    return found


def _rows(connection: Connection, query: Select[Any], told: dict[str, int]) -> Iterator[Mapping[str, Any]]:
    yield from connection.execute(query, told).mappings()  # type: ignore[misc]


# Building one of these takes longer than running it on a database of a few hundred rows.
@cache
def _own(kind: str) -> Select[Any]:
    one = _sealed(kind)
    query = select(*one.table.c) if one.up is None else select(*one.table.c).where(one.up.is_(None))
    query = query.execution_options(yield_per=_EACH)
    if not one.numbered:
        return query
    [key] = one.table.primary_key.columns
    return query.where(_between(key))


@cache
def _hanging(leaves_of: str, name: str) -> Select[Any]:
    """The rows of a table that lead up to leaves of a kind, each with what its leaf is called."""
    kind, one = _sealed(leaves_of), _sealed(name)
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
    return query.where(_between(above)).execution_options(yield_per=_EACH)


def _between(key: Column[Any]) -> ColumnElement[bool]:
    return (key > bindparam("after", type_=BigInteger)) & (key <= bindparam("until", type_=BigInteger))


def _sealed(name: str) -> Sealed:
    found = sealed(name)
    assert found is not None
    return found


def _up(table: Table) -> Column[Any]:
    up = _sealed(table.name).up
    assert up is not None
    return up


def _target(column: Column[Any]) -> Table:
    [key] = column.foreign_keys
    return key.column.table


def _key(table: Table) -> Column[Any]:
    [key] = table.primary_key.columns
    return key
