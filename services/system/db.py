"""The database: one engine per URL, a Session per unit of work. The only module that knows a dialect's manners."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError as SQLiteError
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Integer,
    SQLColumnExpression,
    Table,
    Text,
    cast,
    event,
    extract,
    func,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, create_engine
from sqlmodel.sql.sqltypes import UTCDateTime

from services.system import private_files
from services.system.seals import watching
from services.system.settings import settings

watching.watch()

# For how many seconds a click waits for whoever is writing.
PATIENCE = 10.0
# What nobody asked to save, or can be saved later, waits no longer than this.
HURRY = 0.2
# At the door somebody waits for an answer with an empty screen.
DOOR = 1.5
_PRAGMAS = (
    "journal_mode=WAL",
    # With WAL's usual NORMAL the last commits before a power cut are lost: each of them was told to be saved.
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "mmap_size=268435456",
    "case_sensitive_like=ON",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENGINES: dict[str, Engine] = {}
# Whoever waits to write holds a connection: beyond these they wait without one, so that readers always find some.
_WRITERS = BoundedSemaphore(12)
# Chinese as it is written: escaped it would take twice the room.
_json = partial(json.dumps, ensure_ascii=False)


def engine(url: str | None = None) -> Engine:
    """The engine for ``url`` (the configured database when none is given); one for each database and process."""
    target = url or settings().database_url
    return _ENGINES.get(target) or _ENGINES.setdefault(target, _connect(target))


def forget(url: str = "") -> None:
    """Close every connection, or those to ``url``: the process is about to look at another database."""
    for known in [url] if url else list(_ENGINES):
        if found := _ENGINES.pop(known, None):
            found.dispose()


def _connect(target: str) -> Engine:
    if not target.startswith("sqlite"):
        return create_engine(target, pool_size=10, max_overflow=20, pool_pre_ping=True, json_serializer=_json)
    _make(make_url(target).database or "")
    arguments = {"timeout": 10, "check_same_thread": False}
    made = create_engine(target, connect_args=arguments, pool_size=10, max_overflow=20, json_serializer=_json)
    event.listen(made, "connect", _set_pragmas)
    event.listen(made, "begin", _begin)
    return made


def _make(database: str) -> None:
    """The file, for nobody else; the files that SQLite puts beside it get the rights of this one."""
    if database and database != ":memory:" and not database.startswith("file:"):
        private_files.folder(Path(database).absolute().parent)
        private_files.touch(Path(database))


def _set_pragmas(connection: SQLiteConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _wait(connection, PATIENCE)


def _wait(connection: Any, seconds: float) -> None:
    """Let a connection of SQLite wait so long for a lock."""
    connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


def _begin(connection: Connection) -> None:
    # A deferred BEGIN that reads before it writes loses most of its transactions to SQLITE_BUSY under load.
    options = connection.get_execution_options()
    if options.get("readonly"):
        connection.exec_driver_sql("BEGIN")
        return
    _wait(connection.connection.driver_connection, options.get("patience", PATIENCE))
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def whole_hours(session: Session, since: SQLColumnExpression[datetime], until: datetime) -> ColumnElement[int]:
    """The whole hours from a stored moment until ``until``, as SQL: exact to the microsecond on both databases."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.floor(extract("epoch", literal(until) - since) / 3600), Integer)
    # Times are texts with six digits of a second; strftime rounds, so the fraction is taken by itself.
    told = cast(since, Text)
    seconds = cast(func.strftime("%s", func.substr(told, 1, 19)), Integer)
    moment = seconds * 1_000_000 + cast(func.substr(told, 21, 6), Integer)
    whole = literal((until - _EPOCH) // timedelta(microseconds=1), BigInteger)
    return (whole - moment) // 3_600_000_000


def learn(session: Session) -> None:
    """Let the database count what its tables hold, so that it picks the right index: after much was written."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit=1000"))
    session.execute(text("ANALYZE"))


def hold_still(session: Session) -> None:
    """Let every query of a new session see the same moment, whatever is written meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def renumber(session: Session) -> None:
    """Let each table count on after the highest id it holds: rows with ids of their own were just put there."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite looks at the highest id itself.
    for table in SQLModel.metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement is not False:
            highest = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""
            session.execute(text(highest))


def lock_imports(session: Session) -> None:
    """Begin to write, and let no other import write meanwhile. OperationalError when SQLite is busy for long."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(770003)"))


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
    return _json(value) if as_json and value is not None else value


@contextmanager
def reading() -> Iterator[Session]:
    """A Session that only reads and never waits for a writer."""
    with Session(engine().execution_options(readonly=True)) as session:
        yield session


def only_reads(session: Session) -> bool:
    """Whether a Session is one of ``reading``: what has to be kept takes a transaction of its own."""
    return bool(session.connection().get_execution_options().get("readonly"))


@contextmanager
def writing(patience: float = 0) -> Iterator[Session]:
    """A Session in one transaction: all of it is kept, or none.

    OperationalError when others write for longer than ``patience`` seconds, or than people wait for a click.
    """
    with _turn(patience or PATIENCE) as left:
        bound = engine().execution_options(patience=left)
        with Session(bound, expire_on_commit=False) as session, session.begin():
            if bound.dialect.name == "postgresql" and patience:
                session.execute(text(f"SET LOCAL lock_timeout = {int(left * 1000)}"))
            yield session


@contextmanager
def _turn(patience: float) -> Iterator[float]:
    """A place among those who write; how much of the patience is left by then."""
    began = time.monotonic()
    if not _WRITERS.acquire(timeout=patience):
        raise OperationalError("BEGIN", None, SQLiteError("database is locked"))
    try:
        yield max(patience - (time.monotonic() - began), 0.05)
    finally:
        _WRITERS.release()
