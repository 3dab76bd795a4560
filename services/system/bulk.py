"""Bulk: very many rows at once, the quickest way each database has."""

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, Dialect, Table, func, select, text
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

# Chinese as it is written: escaped it would take twice the room.
_json = partial(json.dumps, ensure_ascii=False)


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
    if not rows:
        return
    connection, names = session.connection(), list(rows[0])
    told = ", ".join(names)
    if connection.dialect.name == "sqlite":
        ready = (_bound(connection.dialect, table, name, [row[name] for row in rows]) for name in names)
        values = ", ".join("?" * len(names))
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({told}) VALUES ({values})", list(zip(*ready, strict=True))
        )
        return
    packed = [isinstance(table.c[name].type, JSON) for name in names]
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({told}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_packed(row[name], as_json) for name, as_json in zip(names, packed, strict=True)])


def _bound(dialect: Dialect, table: Table, name: str, values: list[Any]) -> list[Any]:
    """The values of a column as its type stores them."""
    if isinstance(table.c[name].type, UTCDateTime):
        return [_stamp(value) for value in values]
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return [process(value) for value in values] if process else values


def _stamp(value: datetime | None) -> str | None:
    """A moment as SQLite keeps it: what the type does, in a tenth of the time."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if value else None


def _packed(value: Any, as_json: bool) -> Any:
    if as_json:
        return None if value is None else _json(value)
    return _array(value) if isinstance(value, list) else value


def _array(words: list[str]) -> str:
    """Words as PostgreSQL reads an array: the driver looks at every word for what has to be quoted."""
    told = '","'.join(words)
    if "\\" in told or told.count('"') != 2 * max(0, len(words) - 1):
        told = '","'.join(word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return f'{{"{told}"}}' if words else "{}"
