"""A server that wakes up behind what it knew says so where whoever looks after it reads: the log and /readyz."""

import logging

import anyio
import pytest
from sqlmodel import Session
from starlette.requests import Request

from services.keep import known_anchors, settling
from services.rights import audit
from services.system import db
from ui.web import health, watch


async def _serve() -> None:
    async with watch.watching():
        await anyio.sleep(0)


def _ready() -> tuple[int, str]:
    answer = health.ready(Request({"type": "http", "headers": []}))
    return answer.status_code, bytes(answer.body).decode()


@pytest.fixture
def served(database: str) -> str:
    settling.settle()
    with db.writing() as session:
        audit.write(session, "tester", "test")
    anyio.run(_serve)
    return database


@pytest.mark.usefixtures("served")
def test_where_the_record_stands_is_noted_and_nothing_said(caplog: pytest.LogCaptureFixture) -> None:
    with db.reading() as session:
        assert known_anchors.file(session).exists()
    anyio.run(_serve)
    assert caplog.messages == []
    assert _ready() == (200, "ready")


def _around(session: Session, lite: bool) -> list[str]:
    """Past the trigger, which is there again afterwards."""
    if not lite:
        name = "audit_line_append_only"
        off, on = (f"ALTER TABLE audit_line {way} TRIGGER {name}" for way in ("DISABLE", "ENABLE"))
        return [off, "DELETE FROM audit_line", on]
    told = "SELECT sql FROM sqlite_master WHERE name = 'audit_line_no_delete'"
    (again,) = session.connection().exec_driver_sql(told).one()
    return ["DROP TRIGGER audit_line_no_delete", "DELETE FROM audit_line", again]


@pytest.mark.usefixtures("served")
def test_a_record_that_is_behind_is_said_at_every_start(caplog: pytest.LogCaptureFixture) -> None:
    with db.writing() as session:
        dialect = session.get_bind().dialect.name
        for statement in _around(session, dialect == "sqlite"):
            session.connection().exec_driver_sql(statement)
    with caplog.at_level(logging.WARNING):
        anyio.run(_serve)
        anyio.run(_serve)
    assert len([said for said in caplog.messages if "rolled back" in said]) >= 2
    code, said = _ready()
    assert code == 200 and said.startswith("ready\n") and "rolled back" in said
