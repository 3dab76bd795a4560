"""The life of the server: as many files as it may have, true about what it can't do, and gone when it is told to go."""

import os
import resource
import shutil
import signal
import socket
import time
from collections import namedtuple
from pathlib import Path

import httpx
import pytest
import streamlit
from sqlmodel import Session
from starlette.requests import Request

from services.system import limits
from tests.services.system.test_db import ONLY_SQLITE, write_lock
from tests.ui.web.running import Running
from ui.web import health

_Usage = namedtuple("_Usage", "total used free")


def _ready() -> tuple[int, str]:
    answer = health.ready(Request({"type": "http", "headers": []}))
    return answer.status_code, bytes(answer.body).decode()


@ONLY_SQLITE
def test_ready_is_only_who_can_save(settled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ready() == (200, "ready")
    with write_lock(settled):
        began = time.monotonic()
        code, said = _ready()
        assert (code, "Somebody else is writing" in said) == (503, True) and time.monotonic() - began < 5
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(100, 100, 0))
    code, said = _ready()
    assert (code, "is full" in said) == (503, True)


@ONLY_SQLITE
def test_ready_is_only_who_may_open_another_file(settled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "most_files", lambda: limits.open_files() + 10)
    code, said = _ready()
    assert (code, "LimitNOFILE" in said, bool(settled)) == (503, True, True)


@ONLY_SQLITE
def test_ready_is_only_who_has_the_schema(settled: str, session: Session) -> None:
    session.connection().exec_driver_sql("DROP INDEX ix_audit_line_at")
    session.commit()
    code, said = _ready()
    assert (code, "ix_audit_line_at" in said, bool(settled)) == (503, True, True)


def test_a_process_may_have_as_many_files_as_the_system_lets_it() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        assert limits.raise_open_files() == hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _size(path: Path) -> int:
    return path.stat().st_size


@ONLY_SQLITE
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("processes", [1, 2])
def test_it_ends_in_ten_seconds_whatever_is_half_sent(
    database: str, session: Session, tmp_path: Path, processes: int
) -> None:
    session.rollback()
    folder = tmp_path / "server"
    folder.mkdir()
    server = Running(
        folder, processes, **{name: value for name, value in os.environ.items() if name.startswith("MULIN_")}
    )
    browser = server.browser()
    script = max((Path(streamlit.__file__).parent / "static" / "static" / "js").glob("*.js"), key=_size).name
    with write_lock(database), socket.socket() as half:
        half.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # It asks for a large file, and takes none of it.
        half.connect(("127.0.0.1", server.port))
        half.sendall(f"GET /static/js/{script} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        time.sleep(1)
        began = time.monotonic()
        server._process.send_signal(signal.SIGTERM)
        server._process.wait(20)
        assert time.monotonic() - began < 10
    with pytest.raises(httpx.HTTPError):
        browser.get("/healthz")
    server.close()
