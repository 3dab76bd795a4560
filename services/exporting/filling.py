"""Filling: the rows of an archive's files, read as the types of their columns and put into the tables."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    String,
    Table,
    TypeDecorator,
    bindparam,
    null,
)
from sqlmodel import Session

from services.exporting import manifests, table_scopes
from services.exporting.manifests import Entry, Manifest
from services.system.errors import Refused

Row = dict[str, Any]
_BATCH = 2000


def require_tables(told: Manifest, tables: Iterable[Table]) -> None:
    """Raise Refused unless each file holds one of the tables, with exactly its columns."""
    known = {table.name: {column.name for column in table.c} for table in tables}
    for entry in told.files:
        if set(entry.columns) != known.get(entry.table) or len(entry.columns) != len(known[entry.table]):
            raise Refused("The export holds a table that this schema does not have: {name}.", name=entry.table[:40])


def fill(
    session: Session,
    opened: zipfile.ZipFile,
    told: Manifest,
    tables: Iterable[Table],
    step: Callable[[Table, list[Row]], None],
) -> None:
    """Put every row of the archive into its table, those first that others point to; ``step`` is told of each batch."""
    files = {entry.table: entry for entry in told.files}
    for table in tables:
        if entry := files.get(table.name):
            _insert(session, opened, entry, table, step)


def _insert(
    session: Session,
    opened: zipfile.ZipFile,
    entry: Entry,
    table: Table,
    step: Callable[[Table, list[Row]], None],
) -> None:
    links = table_scopes.own_links(table)
    without = dict.fromkeys(links)
    for rows in _batches(_rows(opened, entry, table)):
        session.connection().execute(table.insert(), [row | without for row in rows])
        step(table, rows)
    for link in links:
        # Only now is every row there that another one may point to.
        linked = (row for row in _rows(opened, entry, table) if row[link] is not None)
        statement = table.update().where(table.c.id == bindparam("of")).values({link: bindparam("to")})
        for rows in _batches(linked):
            session.connection().execute(statement, [{"of": row["id"], "to": row[link]} for row in rows])


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        yield some


def _rows(opened: zipfile.ZipFile, entry: Entry, table: Table) -> Iterator[Row]:
    readers = [(name, _reader(table.c[name])) for name in entry.columns]
    with opened.open(entry.file) as file:
        for number, line in enumerate(manifests.lines(file), 1):
            try:
                cells = json.loads(line, parse_constant=_no_number)
                if not isinstance(cells, list):
                    raise TypeError(line[:40])
                yield {name: read(cell) for (name, read), cell in zip(readers, cells, strict=True)}
            except (ValueError, TypeError, RecursionError) as error:
                raise Refused(
                    "{file}, line {line}, can't be read. Nothing was imported.", file=entry.file, line=number
                ) from error


def _no_number(name: str) -> None:
    raise ValueError(name)


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    accepted, turn, empty = next(found for types, found in _READERS if isinstance(kind, types))

    def read(cell: Any) -> Any:
        if cell is None:
            return empty
        if type(cell) not in accepted:
            raise TypeError(column.name)
        return turn(cell)

    return read


def _same(cell: Any) -> Any:
    return cell


def _moment(cell: str) -> datetime:
    found = datetime.fromisoformat(cell)
    if found.tzinfo is None:
        raise ValueError(cell)
    return found.astimezone(UTC)


def _json(cell: list[Any]) -> Any:
    [value] = cell
    return value


# What a cell may be as JSON, how it is turned into the column's value, and what an empty one is.
_READERS: tuple[tuple[type, tuple[tuple[type, ...], Callable[[Any], Any], Any]], ...] = (
    (DateTime, ((str,), _moment, None)),
    (Date, ((str,), date.fromisoformat, None)),
    (Boolean, ((bool,), _same, None)),
    (Integer, ((int,), _same, None)),
    (Float, ((int, float), float, None)),
    (String, ((str,), _same, None)),
    (JSON, ((list,), _json, null())),
)
