"""One database per test: a copy of a template, on SQLite and on a real PostgreSQL server."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.place import Place
from services.keep import settling
from services.rights.permissions import Actor
from services.system import clock, db
from tests import memory, moment, ordering, skipped, thrift
from tests.databases import DIALECTS, Server, Templates, forget, fullest, use
from tests.walk import Walk


def pytest_configure(config: pytest.Config) -> None:
    """What concerns a run as a whole."""
    for part in (memory, ordering, skipped):
        config.pluginmanager.register(part)


@pytest.fixture(scope="session", autouse=True)
def _thrift() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        thrift.begin(patch)
        yield


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    moment.begin(monkeypatch)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return memory.folder(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def postgresql(shared: Path) -> Iterator[Server]:
    """A real PostgreSQL server in a temporary folder; it starts when it is first asked for."""
    server = Server(shared)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def templates(shared: Path, worker_id: str, postgresql: Server) -> Templates:
    """The prepared databases."""
    return Templates(shared, worker_id, postgresql)


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an office's own files would lie: one path, so that what is worked out without any is worked out once."""
    return tmp_path_factory.getbasetemp() / "local"


@pytest.fixture(params=DIALECTS)
def database(
    request: pytest.FixtureRequest, templates: Templates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, local: Path
) -> Iterator[str]:
    """The URL of a fresh database the whole application now uses; it holds what the test's fixtures are named after."""
    url = templates.copy(request.param, fullest(request.fixturenames))
    folders = {f"{name}_FOLDER": str(tmp_path / name.lower()) for name in ("UPLOAD", "WORK")}
    use(monkeypatch, url, BACKUP_FOLDER=str(tmp_path), LOCAL_FOLDER=str(local), **folders)
    yield url
    forget()
    templates.drop(url)
    shutil.rmtree(local, ignore_errors=True)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session on the test's database; what it does not commit is rolled back."""
    with Session(db.engine(database), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def one_moment() -> Iterator[None]:
    """The clock stands still: what is kept for a minute or a quarter of an hour stays kept."""
    with clock.pretending(clock.now()):
        yield


@pytest.fixture
def settled(database: str) -> str:
    """A database that was agreed with, as every start does before it goes by its rows."""
    settling.settle()
    return database


@pytest.fixture
def place(session: Session) -> Place:
    """The place called chilinglu."""
    return session.exec(select(Place).where(Place.slug == "chilinglu")).one()


@pytest.fixture
def demo(database: str) -> str:
    """The URL of a database that holds chilinglu with its sample records."""
    return database


@pytest.fixture
def actor(session: Session, place: Place) -> Callable[[str], Actor]:
    """Somebody in a role, responsible for the whole place."""
    area = session.get_one(Area, place.area_id)

    def of(role: str) -> Actor:
        everywhere = role == "admin"
        return Actor(None, role, role, "" if everywhere else area.path, None if everywhere else area.id)

    return of


@pytest.fixture
def met(session: Session, place: Place, actor: Callable[[str], Actor]) -> Walk:
    """An issue and its topic, whose meeting is running."""
    return Walk.resumed(session, actor("secretary"), place)
