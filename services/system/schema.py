"""The schema's version: bring a database to the newest, ask where it stands, write the next migration."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url
from sqlmodel import Session, SQLModel

import models  # noqa: F401 - makes every table known
from services.system.db import engine
from services.system.errors import Refused
from services.system.seals import adopting
from services.system.settings import ROOT


def _compared(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith("matter_text")


# The text index is no model: its tables are the two databases' own.
COMPARISON: dict[str, Any] = {"compare_server_default": True, "include_name": _compared}


def upgrade(url: str | None = None, to: str = "head", check: Callable[[Connection], None] | None = None) -> None:
    """Bring the database at ``url`` (the configured one when none is given) to the newest schema: all of it, or none.

    Safe to call at any time and from two processes at once: the second waits, and finds nothing to do. Refused where
    a newer program wrote it, and where ``check`` refuses what came of it.
    """
    with _migrating(url) as connection:
        _require_known(connection)
        sealed = inspect(connection).has_table("seal_head")
        command.upgrade(_config(connection), to)
        if to == "head":
            adopting.adopt(connection, sealed=sealed)
        if check:
            check(connection)


def make(connection: Connection) -> None:
    """Make the tables of the newest schema where there are none; the caller ends the transaction."""
    command.upgrade(_config(connection), "head")


@contextmanager
def _migrating(url: str | None) -> Iterator[Connection]:
    with (engine(url) if url else engine()).connect() as connection, _unchecked(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(770002), pg_advisory_xact_lock(770003)")
        yield connection
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("The migration would leave rows that point nowhere; nothing was changed.")


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    # SQLite rebuilds a table by dropping the old one; with foreign keys on, that deletes the rows that point to it.
    # The pragma has no effect inside a transaction, so it goes past SQLAlchemy, which would begin one.
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@lru_cache
def head() -> str:
    """The newest version the program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or "0000"


def current(session: Session) -> str | None:
    """The version the database is at; none when it is empty."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def at_head(session: Session) -> bool:
    """Whether the database has the newest schema."""
    return current(session) == head()


def require_head(session: Session) -> None:
    """Raise Refused unless the database has the newest schema."""
    found = current(session)
    if found is not None:
        require_known(found)
    if found != head():
        raise Refused("The database does not have the schema of this version. Run: python manage.py init")


def require_known(version: str) -> None:
    """Raise Refused when ``version`` is newer than this program."""
    if version not in _known():
        raise Refused("This database was written by a newer version of the program. Install that version first.")


@lru_cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _require_known(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None:
        require_known(found)


def differences(connection: Connection) -> list[object]:
    """What the tables of the program have that the database lacks, or the other way round; empty when they agree."""
    return list(compare_metadata(MigrationContext.configure(connection, opts=COMPARISON), SQLModel.metadata))


def revise(message: str) -> Path:
    """Write the next migration file from what the models have and the migrations lack; read it before committing."""
    with tempfile.TemporaryDirectory() as folder:
        url = make_url(f"sqlite:///{folder}/revise.db").render_as_string()
        upgrade(url, head())  # Without adopting: the models are ahead of it.
        with _migrating(url) as connection:
            number = f"{int(head()) + 1:04d}"
            script = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
        engine(url).dispose()
    return Path(script.path)  # type: ignore[union-attr]
