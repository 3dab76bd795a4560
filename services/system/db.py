"""The database: one engine per URL, a Session per unit of work. The only module that knows a dialect's manners."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError as SQLiteError
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    SQLColumnExpression,
    Text,
    cast,
    event,
    extract,
    func,
    literal,
    make_url,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, create_engine

from services.system.files import private_files
from services.system.seals import watching
from services.system.settings import settings
from services.system.turns import ENDING, Turn

watching.watch()

T = TypeVar("T")
_ASKED = "asked"
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
# After how many pages in its log SQLite copies them into the file, as it does by itself.
_PAGES = 1000
# What may wait for the index of texts of PostgreSQL.
_COLLECTED = "256MB"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENGINES: dict[str, Engine] = {}
_BESIDE: dict[str, Engine] = {}
_TURNS: dict[str, Turn] = {}
_POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_timeout": PATIENCE}
# One writer at a time; whoever holds it and falls silent loses it.
_ALONE = text(
    "SELECT set_config('lock_timeout', :patience, true), "
    "set_config('idle_in_transaction_session_timeout', '60s', true), pg_advisory_xact_lock(770003)"
)
# Chinese as it is written: escaped it would take twice the room.
_json = partial(json.dumps, ensure_ascii=False)


def engine(url: str | None = None) -> Engine:
    """The engine for ``url`` (the configured database when none is given); one for each database and process."""
    target = url or settings().database_url
    return _ENGINES.get(target) or _ENGINES.setdefault(target, _connect(target, **_POOL))


def forget(url: str = "") -> None:
    """Close every connection, or those to ``url``: the process is about to look at another database."""
    for known in [url] if url else list(_ENGINES):
        if found := _ENGINES.pop(known, None):
            found.dispose()
        _BESIDE.pop(known, None)
        if turn := _TURNS.pop(known, None):
            turn.forget()


def _connect(target: str, **pool: Any) -> Engine:
    if not target.startswith("sqlite"):
        return _connect_server(target, **pool)
    _make(make_url(target).database or "")
    arguments = {"timeout": 10, "check_same_thread": False}
    made = create_engine(target, connect_args=arguments, json_serializer=_json, **pool)
    event.listen(made, "connect", _set_pragmas)
    event.listen(made, "begin", _begin)
    return made


def _connect_server(target: str, **pool: Any) -> Engine:
    from services.system import server_link  # The driver costs a start on a file a tenth of a second.

    # Nobody keeps a row from others so long. What must take longer than a statement of a page may says so.
    limits = f"SET lock_timeout = '{PATIENCE:.0f}s'; SET statement_timeout = '{server_link.STATEMENT}s'"
    door = server_link.Door(target, limits, json_serializer=_json)
    made = create_engine(target, creator=door.connect, json_serializer=_json, **pool)
    door.watch(made)
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
    driver: Any = connection.connection.driver_connection
    _wait(driver, options.get("patience", PATIENCE))
    driver.execute(f"PRAGMA wal_autocheckpoint={0 if options.get('much') else _PAGES}")
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
    unhurried(session)
    session.execute(text("ANALYZE"))


def hold_still(session: Session) -> None:
    """Let every query of a new session see the same moment, whatever is written meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        unhurried(session)


def unhurried(session: Session) -> None:
    """Let every statement of this transaction take as long as it needs."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.connection().connection.driver_connection.patience = None  # type: ignore[union-attr]


def alone(session: Session, patience: float = PATIENCE) -> None:
    """Let nobody else write until this transaction ends: the first lock of all that a writer takes.

    OperationalError when others write for longer than ``patience`` seconds. ``writing`` has asked for it already.
    """
    connection = session.connection()  # SQLite begins with it.
    if connection.dialect.name != "postgresql" or session.info.get("alone") is session.get_transaction():
        return
    connection.execute(_ALONE, {"patience": f"{max(1, int(patience * 1000))}ms"})
    if not session.in_nested_transaction():  # What a savepoint has locked it may lose again.
        session.info["alone"] = session.get_transaction()


@contextmanager
def reading() -> Iterator[Session]:
    """A Session that only reads and never waits for a writer."""
    with Session(engine().execution_options(readonly=True), expire_on_commit=False) as session:
        session.info[_ASKED] = {}
        yield session


def asked_once(session: Session, question: str, ask: Callable[[Session], T]) -> T:
    """What ``ask`` says; a Session of ``reading`` asks it once, for all it reads shall be of one moment."""
    known: dict[str, T] | None = session.info.get(_ASKED)
    if known is None:
        return ask(session)
    if question not in known:
        known[question] = ask(session)
    return known[question]


@contextmanager
def beside() -> Iterator[Session]:
    """A Session that only reads, for what is looked up now and then in the midst of another one.

    Its connection is not of those that others wait for, and is closed again: who holds one of these gets it at once.
    """
    target = settings().database_url
    bound = _BESIDE.get(target) or _BESIDE.setdefault(target, _connect(target, poolclass=NullPool))
    with Session(bound.execution_options(readonly=True)) as session:
        yield session


def only_reads(session: Session) -> bool:
    """Whether a Session is one of ``reading``: what has to be kept takes a transaction of its own."""
    return bool(session.connection().get_execution_options().get("readonly"))


@contextmanager
def writing(patience: float | None = None, *, much: bool = False) -> Iterator[Session]:
    """A Session in one transaction: all of it is kept, or none. Whoever asks first writes first.

    OperationalError when others write for longer than ``patience`` seconds, or than people wait for a click. Where
    ``much`` is written, the database puts it in order after the turn, when others write again.
    """
    with _turn(PATIENCE if patience is None else patience) as left:
        bound = engine().execution_options(patience=left, much=much)
        with Session(bound, expire_on_commit=False) as session, session.begin():
            alone(session, left)
            session.info["sole"] = True
            if much:
                _put_off(session)
            yield session
    if much:
        _put_in_order()


def _put_off(session: Session) -> None:
    """PostgreSQL collects what comes into the index of texts. SQLite has put off what it copies from its log."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL gin_pending_list_limit = '{_COLLECTED}'"))


def _put_in_order() -> None:
    with engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        else:
            connection.execute(text("SELECT gin_clean_pending_list('ix_matter_text_terms')"))
            connection.commit()


def sole_writer(session: Session) -> bool:
    """Whether a Session is one of ``writing``: what it has read nobody else changes before it ends."""
    return bool(session.info.get("sole"))


@contextmanager
def _turn(patience: float) -> Iterator[float]:
    """A turn to write among the threads and processes here; how much of the patience is left by then."""
    target = settings().database_url
    turn = _TURNS.get(target) or _TURNS.setdefault(target, Turn(_beside(target)))
    try:
        left = turn.take(patience)
    except TimeoutError:
        raise OperationalError("BEGIN", None, SQLiteError("database is locked")) from None
    try:
        yield left
    finally:
        turn.give()


def _beside(target: str) -> Path | None:
    """Where the processes that write to a file wait for each other; the server has a queue of its own."""
    database = make_url(target).database if target.startswith("sqlite") else None
    return Path(f"{database}{ENDING}") if database and not database.startswith((":memory:", "file:")) else None
