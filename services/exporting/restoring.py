"""Restoring: fill an empty database from a full export: all of it in one transaction, or nothing."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
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
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from models.matter import Matter
from services.engine import versions
from services.exporting import manifests, table_scopes
from services.exporting.manifests import Entry, Manifest
from services.matters import search
from services.system import db, schema
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.words.i18n import listed

_CHECKING, _IMPORTING = listed("Checking the export"), listed("Importing")
_BATCH = 2000
_Row = dict[str, Any]


def restore(path: Path, *, unsealed: bool = False, progress: Progress = silent) -> Manifest:
    """Fill the empty database from the archive at ``path``.

    Refused, with nothing written, when the database holds anything, when the archive is damaged, of another schema, or
    not sealed with this MULIN_KEY (unless ``unsealed`` says that it may be taken as it is).
    """
    with manifests.archive(path) as opened:
        told = manifests.read(path, opened)
        _require_fit(told, unsealed)
        counted = _Counted(progress, told.rows())
        manifests.check(path, opened, told, lambda rows: counted(_CHECKING, rows))
        try:
            with db.writing() as session:
                _require_empty(session)
                _fill(session, opened, told, counted)
        except (SQLAlchemyError, OverflowError, UnicodeError) as error:
            raise Refused("The rows of {name} do not fit together. Nothing was imported.", name=path.name) from error
    with db.writing() as session:
        db.learn(session)
    return told


class _Counted:
    """Adds up what each part of the work has done, for the progress."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, dict[str, int]()

    def __call__(self, what: str, rows: int) -> None:
        self._done[what] = self._done.get(what, 0) + rows
        self._progress(what, self._done[what], self._total)


def _require_fit(told: Manifest, unsealed: bool) -> None:
    schema.require_known(told.schema_version)
    if told.schema_version != schema.head():
        raise Refused(
            "This export was written by an older version of the program (schema {found}, now {head}). Import it with"
            " that version into an empty database, then run init with this one.",
            found=told.schema_version,
            head=schema.head(),
        )
    if not (told.genuine or unsealed):
        raise Refused(
            "The seal of this export does not fit MULIN_KEY: it was written with another key, or changed since. Set the"
            " key it was written with; to take it all the same, add --unsealed."
        )
    known = {table.name: {column.name for column in table.c} for table in table_scopes.tables()}
    for entry in told.files:
        if set(entry.columns) != known.get(entry.table) or len(entry.columns) != len(known[entry.table]):
            raise Refused("The export holds a table that this schema does not have: {name}.", name=entry.table[:40])


def _require_empty(session: Session) -> None:
    schema.require_head(session)
    for table in (*table_scopes.tables(), *(SQLModel.metadata.tables[name] for name in table_scopes.NEVER)):
        if session.execute(select(1).select_from(table).limit(1)).first():
            raise Refused(
                "The database is not empty: {name} has rows. Set MULIN_DATABASE_URL to a new one and run init.",
                name=table.name,
            )


def _fill(session: Session, opened: zipfile.ZipFile, told: Manifest, counted: Callable[[str, int], None]) -> None:
    files = {entry.table: entry for entry in told.files}
    for table in table_scopes.tables():
        if entry := files.get(table.name):
            _insert(session, opened, entry, table, lambda rows: counted(_IMPORTING, rows))
    db.renumber(session)
    if told.place:
        versions.adopt(session, "import all")


def _insert(session: Session, opened: zipfile.ZipFile, entry: Entry, table: Table, step: Callable[[int], None]) -> None:
    links = table_scopes.own_links(table)
    without = dict.fromkeys(links)
    for rows in _batches(_rows(opened, entry, table)):
        session.connection().execute(table.insert(), [row | without for row in rows])
        if table.name == "matter":
            search.index(session, [Matter(**row) for row in rows])
        step(len(rows))
    for link in links:
        # Only now is every row there that another one may point to.
        linked = (row for row in _rows(opened, entry, table) if row[link] is not None)
        statement = table.update().where(table.c.id == bindparam("of")).values({link: bindparam("to")})
        for rows in _batches(linked):
            session.connection().execute(statement, [{"of": row["id"], "to": row[link]} for row in rows])


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        yield some


def _rows(opened: zipfile.ZipFile, entry: Entry, table: Table) -> Iterator[_Row]:
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
    return found


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
