"""Bulk: very many rows at once, the quickest way each database has."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, Dialect, Table, func, select, text
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

# Chinese as it is written: escaped it would take twice the room.
_json = partial(json.dumps, ensure_ascii=False)
# A row, or a part of one, as the database takes it: bound values of SQLite, a line of COPY of PostgreSQL.
Ready = tuple[Any, ...] | str
Late = tuple[tuple[Any, ...], Any]
_AT_ONCE = 500
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def renumber(session: Session) -> None:
    """Let each table count on after the highest id it holds: rows with ids of their own were just put there."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite looks at the highest id itself.
    for table in SQLModel.metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement is not False:
            highest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""
            session.execute(text(highest))


def reserve(session: Session, table: Table, count: int) -> list[int]:
    """Ids for ``count`` new rows that nobody else will get; on SQLite the caller's transaction already writes."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.connection().execute(select(func.max(table.c.id))).scalar() or 0
        return list(range(last + 1, last + 1 + count))
    given = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(session.connection().execute(given, {"name": table.name, "count": count}).scalars())


def put(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert many rows, all with the same columns, the quickest way the database has; no object is made of them."""
    if rows:
        names = list(rows[0])
        _insert(session, table, names, ready(session, table, names, rows))


def ready(session: Session, table: Table, names: list[str], rows: list[dict[str, Any]]) -> list[Ready]:
    """These columns of some rows as the database takes them: worked out beforehand, to be put by ``finish``."""
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite":
        return list(zip(*(_bound(dialect, table, name, [row[name] for row in rows]) for name in names), strict=True))
    cells = ([_told(row[name], as_json) for row in rows] for name, as_json in _kinds(table, names))
    return ["\t".join(row) for row in zip(*cells, strict=True)]


def finish(
    session: Session, table: Table, late: list[str], same: dict[str, Any], rest: list[str], rows: Iterable[Late]
) -> None:
    """Insert rows of which all but the columns ``late`` was made ready; ``same`` are columns that are alike in all.

    Each row is its late cells, which are numbers or texts, and its ``rest`` as ``ready`` made it.
    """
    alike: Any = ready(session, table, list(same), [same])[0] if same else ()
    if session.get_bind().dialect.name == "sqlite":
        made: list[Any] = [(*first, *alike, *others) for first, others in rows]
    else:
        made = [
            "\t".join([line(first), *([alike] if same else ()), *([others] if rest else ())]) for first, others in rows
        ]
    _insert(session, table, [*late, *same, *rest], made)


def line(cells: tuple[Any, ...]) -> str:
    """Cells as PostgreSQL reads them from a line of COPY."""
    return "\t".join([_told(cell, False) for cell in cells])


def _insert(session: Session, table: Table, names: list[str], rows: list[Any]) -> None:
    if not rows:
        return
    connection, told = session.connection(), ", ".join(names)
    if connection.dialect.name == "sqlite":
        values = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({told}) VALUES ({values})", rows)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({told}) FROM STDIN") as copy:
        for at in range(0, len(rows), _AT_ONCE):
            copy.write("\n".join(rows[at : at + _AT_ONCE]) + "\n")


def _kinds(table: Table, names: list[str]) -> list[tuple[str, bool]]:
    return [(name, isinstance(table.c[name].type, JSON)) for name in names]


def _bound(dialect: Dialect, table: Table, name: str, values: list[Any]) -> list[Any]:
    """The values of a column as its type stores them."""
    if isinstance(table.c[name].type, UTCDateTime):
        return [_stamp(value) for value in values]
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return [process(value) for value in values] if process else values


def _stamp(value: datetime | None) -> str | None:
    """A moment as SQLite keeps it: what the type does, in a tenth of the time."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if value else None


def _told(value: Any, as_json: bool) -> str:
    """A value as PostgreSQL reads it from a line of COPY."""
    if value is None:
        return "\\N"
    if as_json or isinstance(value, list):
        value = _json(value) if as_json else array(value)
    if isinstance(value, str):
        return _SPECIAL.sub(_escaped, value)
    return str(value)


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def array(words: list[str]) -> str:
    """Words as PostgreSQL reads an array: the driver looks at every word for what has to be quoted."""
    told = '","'.join(words)
    if "\\" in told or told.count('"') != 2 * max(0, len(words) - 1):
        told = '","'.join(word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return f'{{"{told}"}}' if words else "{}"
