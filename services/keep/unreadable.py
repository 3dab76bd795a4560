"""Unreadable cells: what a column holds that is not of its type, as only somebody beside the program can write it.

Or that is read like what the program wrote, and found, counted and ordered in another way.
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    Table,
    TextClause,
    TypeDecorator,
    select,
    text,
)
from sqlmodel import Session, SQLModel

from services.words.i18n import listed

MESSAGE = listed("{field} holds something that can't be read: it was changed without the program.")
ODD = listed("{field} is not written as the program writes it: it was changed without the program.")
FAULTS = (ValueError, TypeError, ArithmeticError)

_DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"
_TIME = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]"
_ONCE = "(SELECT count(*) = count(DISTINCT fullkey) FROM json_tree({0}))"
# How SQLite must hold the values of a type; PostgreSQL holds them in no other way.
_HELD: tuple[tuple[type, str], ...] = (
    (DateTime, f"typeof({{0}}) = 'text' AND {{0}} GLOB '{_DAY} {_TIME}'"),
    (Date, f"typeof({{0}}) = 'text' AND {{0}} GLOB '{_DAY}'"),
    (Boolean, "typeof({0}) = 'integer' AND {0} IN (0, 1)"),
    (Integer, "typeof({0}) = 'integer'"),
    (Float, "typeof({0}) IN ('real', 'integer')"),
    # A name that stands twice in an object: what the program reads is the last, what a filter finds the first.
    (JSON, f"typeof({{0}}) = 'text' AND CASE WHEN json_valid({{0}}) THEN {_ONCE} ELSE 0 END"),
)


def odd(session: Session) -> Iterator[tuple[str, str]]:
    """The table with the key of the row, and the column, of the first cell of each column that is held otherwise."""
    if session.get_bind().dialect.name != "sqlite":
        return
    connection = session.connection()
    for table, query in _whole().items():
        # One look at the whole table, which finds nothing; then one for each column.
        for column in SQLModel.metadata.tables[table].c if connection.execute(query).first() else ():
            if row := connection.execute(_query(column.table, _held(column))).first():
                yield f"{table} {','.join(map(str, row))}", f"{table}.{column.name}"


@cache
def _whole() -> dict[str, TextClause]:
    """For each table, the question for a row with any such cell."""
    return {table.name: _query(table, " AND ".join(map(_held, table.c))) for table in SQLModel.metadata.sorted_tables}


def _held(column: Column[object]) -> str:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    how = next((how for types, how in _HELD if isinstance(kind, types)), "typeof({0}) = 'text'")
    return f"({how} OR {{0}} IS NULL)".format(f'"{column.name}"')


def _query(table: Table, how: str) -> TextClause:
    keys = ", ".join(key.name for key in table.primary_key.columns)
    return text(f'SELECT {keys} FROM "{table.name}" WHERE NOT ({how}) LIMIT 1'.replace(":", "\\:"))


def cells(session: Session) -> Iterator[tuple[str, str]]:
    """The table with the key of the row, and the column, of the first such cell of each column."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.c:
            if (at := _fails_at(session, column)) is not None:
                keys = select(*table.primary_key.columns).order_by(*table.primary_key.columns).offset(at).limit(1)
                row = session.connection().execute(keys).first() or ()
                yield f"{table.name} {','.join(map(str, row))}", f"{table.name}.{column.name}"


def _fails_at(session: Session, column: Column[object]) -> int | None:
    """How many rows can be read before one can't."""
    good, table = 0, column.table
    try:
        for (value,) in session.connection().execute(select(column).order_by(*table.primary_key.columns)):
            good += 1 if _is_fit(column, value) else 0
            if not _is_fit(column, value):
                return good
    except FAULTS:
        return good
    return None


def _is_fit(column: Column[object], value: object) -> bool:
    try:
        wanted = column.type.python_type
    except NotImplementedError:
        return True
    return value is None or wanted is dict or isinstance(value, (wanted, int) if wanted is float else wanted)
