"""Is the schema what its number says: asked when it is made or brought up to date, and while it is served."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session
from typer.testing import CliRunner

import manage
from services.keep import settling
from services.system import db, running, schema, schema_check
from services.system.errors import Refused
from services.system.settings import ROOT
from tests.services.system.test_db import ONLY_SQLITE


def _init() -> tuple[int, str]:
    done = CliRunner().invoke(manage.app, ["init"])
    return done.exit_code, done.output


def _do(*statements: str) -> None:
    with db.writing() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE public_edition DROP COLUMN period", "p"),
        ("ALTER TABLE account ADD COLUMN strange VARCHAR", "account"),
        ("DROP INDEX ix_audit_line_at", "ix_audit_line_at"),
        ("DROP TABLE seal_head", "seal_head"),
    ],
)
def test_a_schema_that_is_not_its_versions_is_refused_with_the_way_out(statement: str, named: str) -> None:
    _do(statement)
    with db.reading() as session, pytest.raises(Refused, match=named):
        schema_check.require_still_equal(session)
    code, said = _init()
    assert code == 1 and named in said and "export all" in said and "Traceback" not in said


@pytest.mark.usefixtures("database")
def test_it_is_looked_at_anew_when_it_changes() -> None:
    for _time in range(2):
        with db.reading() as session:
            schema_check.require_still_equal(session)
    if db.engine().dialect.name == "sqlite":
        _do("DROP INDEX ix_audit_line_at")
        with db.reading() as session, pytest.raises(Refused):
            schema_check.require_still_equal(session)


@ONLY_SQLITE
def test_an_upgrade_that_ends_otherwise_changes_nothing(database: str, tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/older.db"
    schema.upgrade(url, "0005")
    with db.engine(url).begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_audit_line_at")
    with pytest.raises(Refused, match="ix_audit_line_at"):
        schema.upgrade(url, check=schema_check.require_equal)
    with Session(db.engine(url)) as session:
        assert schema.current(session) == "0005"
    db.forget(url)
    assert database


@pytest.mark.usefixtures("database")
def test_an_older_program_says_that_the_database_is_newer() -> None:
    _do("UPDATE alembic_version SET version_num = '9999'")
    with db.reading() as session, pytest.raises(Refused, match="newer version of the program"):
        schema.require_head(session)
    code, said = _init()
    assert (code, "newer version of the program" in said) == (1, True)


@pytest.fixture
def let_go() -> Iterator[None]:
    yield
    running.let_go()


_SERVES = "from services.system import running; running.hold(); print('serves', flush=True); input()"


@pytest.mark.usefixtures("let_go")
def test_nothing_is_changed_under_a_running_server(database: str) -> None:
    settling.settle()
    command = [sys.executable, "-c", _SERVES]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout and server.stdout.readline() == "serves\n"
        running.hold()  # a second server beside the first
        running.let_go()
        code, said = _init()
        assert (code, "still running" in said) == (1, True)
        server.kill()
        server.wait()
    assert _init()[0] == 0 and database
