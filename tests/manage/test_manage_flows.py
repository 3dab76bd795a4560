"""The flows at start: `init`, `serve`, `flows` and the readiness check refuse with one sentence, in both languages."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, func, select
from starlette.requests import Request

from models.event import Event
from models.flow_version import FlowVersion
from models.matter import Matter
from models.place import Place
from services.engine import flows, starting
from services.places.places import load_place
from services.rights.permissions import Actor
from services.system import db, schema
from services.system.settings import ROOT, settings
from tests.databases import forget
from tests.manage.test_manage import run
from tests.services.engine import errands
from tests.ui.web.running import Running
from ui.web import health
from ui.web.processes import listener

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def resting(session: Session, place: Place, actor: Callable[[str], Actor]) -> Matter:
    """A matter in a state that is pulled away under it."""
    errands.write()
    errands.restart()
    errands.start(session)
    [matter] = errands.begin(session, actor("staff"), place)
    errands.take(session, actor("staff"), matter, "go", "rest")
    session.commit()
    errands.pull_away("resting")
    errands.restart()
    return matter


@pytest.fixture
def _no_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    started: list[str] = []
    monkeypatch.setattr(os, "execv", lambda _path, arguments: started.append(arguments[-1]))
    with socket.socket() as made:
        monkeypatch.setattr(listener, "listening", lambda _address, _port: made.dup())
        yield started


def _ready() -> tuple[int, str]:
    answer = health.ready(Request({"type": "http"}))
    return answer.status_code, bytes(answer.body).decode()


def test_init_serve_and_the_readiness_check_refuse_what_would_strand_a_matter(
    resting: Matter, _no_server: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("init", "serve", "flows"):
        code, said = run(command)
        assert (code, resting.number in said, "flows/errand/moved.csv" in said) == (1, True, True), command
    assert _no_server == []
    code, said = _ready()
    assert (code, resting.number in said) == (503, True)
    monkeypatch.setenv("MULIN_LANGUAGE", "zh_CN")
    assert resting.number in _ready()[1] and "没有状态" in _ready()[1]
    assert "没有状态" in run("init")[1]


def test_with_moved_csv_init_moves_and_serve_starts(session: Session, resting: Matter, _no_server: list[str]) -> None:
    errands.pull_away("resting", moved="state,to\nresting,going\n")
    code, said = run("init")
    assert (code, "no longer have: 1" in said) == (0, True)
    assert (run("serve")[0], len(_no_server)) == (0, 1)
    errands.restart()
    assert _ready() == (200, "ready")
    assert session.get_one(Matter, resting.id, populate_existing=True).state == "going"
    assert "0 problems" in run("verify")[1]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.5", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("localhost", False),
    ],
)
def test_a_demo_that_is_open_to_the_network_says_so(address: str, warned: bool, _no_server: list[str]) -> None:
    code, said = run("serve", "--address", address)
    assert (code, "without a password" in said, len(_no_server)) == (0, warned, 1)


@pytest.mark.usefixtures("database")
def test_there_are_as_many_processes_as_was_said_or_as_there_are_cores(
    _no_server: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("serve")
    run("serve", "--processes", "3")
    monkeypatch.setenv("MULIN_PROCESSES", "4")
    settings.cache_clear()
    run("serve")
    assert _no_server == [str(len(os.sched_getaffinity(0))), "3", "4"]


@pytest.mark.usefixtures("database")
def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = run("serve", "--port", port)
    assert (code, port in said, "--port" in said, "Traceback" in said) == (1, True, True, False)


def test_flows_lists_each_with_its_version_and_every_fault(database: str) -> None:
    assert database
    errands.write()
    errands.restart()
    code, said = run("flows")
    assert code == 0
    assert [line.partition("\t")[0] for line in said.splitlines()] == list(flows.flows())
    errands.write(states=errands.STATES.replace("在途", ""), rights="action,staff\n")
    errands.restart()
    code, said = run("flows")
    assert (code, said.count("flows/errand/")) == (1, 6), "one label and five rights"


@pytest.mark.usefixtures("database")
def test_a_wrong_row_stops_every_start_and_the_readiness_check(_no_server: list[str]) -> None:
    errands.write(arrows=errands.ARROWS.replace("asked,go,going", "asked,go,gone"))
    errands.restart()
    for command in ("init", "serve", "demo", "flows"):
        code, said = run(command)
        assert (code, "flows/errand/arrows.csv, row 2" in said) == (1, True), command
    code, said = _ready()
    assert (code, said.startswith("flows/errand/arrows.csv, row 2")) == (503, True)
    assert _no_server == []


@pytest.mark.usefixtures("database")
def test_an_empty_database_stays_empty_for_a_full_export() -> None:
    assert run("init")[0] == 0
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(FlowVersion)).one() == 0


def test_two_processes_that_start_at_once_keep_and_move_once(database: str, session: Session, resting: Matter) -> None:
    errands.pull_away("resting", moved="state,to\nresting,going\n")
    environment = {**os.environ, "MULIN_DATABASE_URL": database}
    command = [sys.executable, "manage.py", "init"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    session.expire_all()
    moves = select(func.count()).where(Event.action == "moved", Event.matter_id == resting.id)
    assert session.exec(moves).one() == 1
    kept = select(func.count()).where(FlowVersion.flow == "errand")
    assert session.exec(kept).one() == 2


def test_a_running_program_goes_on_with_the_rows_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    url = f"sqlite:///{tmp_path / 'running.db'}"
    monkeypatch.setenv("MULIN_DATABASE_URL", url)
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path / "local"))
    forget()
    schema.upgrade()
    with db.writing() as session:
        load_place(session, "chilinglu")
    errands.write()
    server = Running(folder, MULIN_DATABASE_URL=url, MULIN_LOCAL_FOLDER=str(tmp_path / "local"), MULIN_MODE="demo")
    try:
        assert server.browser().get("/readyz").text == "ready"
        errands.write(states="state\n")
        answer = server.browser().get("/readyz")
        assert (answer.status_code, "flows/errand/states.csv" in answer.text) == (503, True)
        assert server.browser().open("/sign-in").status_code == 200
        assert server.browser().get("/healthz").text == "ok"
        errands.write()
        assert server.browser().get("/readyz").text == "ready"
        errands.write(arrows=errands.ARROWS.replace("asked,go,", "asked resting,go,"))
        errands.restart()
        starting.start("another process")
        with db.writing() as session:
            session.add(FlowVersion(flow="errand", version="of another process", rows={}))
        answer = server.browser().get("/readyz")
        assert (answer.status_code, "Start the program again" in answer.text) == (503, True)
    finally:
        server.close()
        forget()
