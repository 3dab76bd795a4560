"""Proofs on the command line: each answer is a sentence, whatever was done to the file, the key or the clock."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import select

from models.audit import AuditLine
from services.keep import known_anchors
from services.rights import audit
from services.system import clock, db, setting_checks
from services.system.settings import settings
from tests.databases import KEY
from tests.test_manage import run

NEW = "5ec97c24bd6d0635f0d1aad4f9148f1b9583a398048b9043"


@pytest.fixture
def started(database: str) -> str:
    assert run("init")[0] == 0
    with db.writing() as session:
        audit.write(session, "tester", "test")
    return database


def _anchor(said: str) -> str:
    return next(line for line in said.splitlines() if line.startswith("anchor: ")).removeprefix("anchor: ")


@pytest.mark.usefixtures("started")
def test_verify_gives_an_anchor_and_takes_it_back() -> None:
    code, said = run("verify")
    assert code == 0
    code, again = run("verify", "--against", _anchor(said))
    assert (code, "Held against the anchor that was typed" in again) == (0, True)


@pytest.mark.usefixtures("started")
def test_a_slip_of_the_pen_is_told_by_its_group() -> None:
    typed = _anchor(run("verify")[1])
    wrong = f"{typed[:2]}{'Z' if typed[2] != 'Z' else 'Y'}{typed[3:]}"
    code, said = run("verify", "--against", wrong)
    assert (code, "Group 1 of the anchor" in said, "Traceback" in said) == (1, True, False)


@pytest.mark.usefixtures("started")
def test_what_was_cut_off_since_is_found_and_no_anchor_is_given() -> None:
    with db.writing() as session:
        audit.write(session, "tester", "test")
    typed = _anchor(run("anchor", "show")[1])
    with db.writing() as session:
        dialect = session.get_bind().dialect.name
        gone = "audit_line_no_delete" if dialect == "sqlite" else "audit_line_append_only ON audit_line"
        connection = session.connection()
        connection.exec_driver_sql(f"DROP TRIGGER {gone}")
        connection.exec_driver_sql("DELETE FROM audit_line WHERE seq = 2")
        connection.exec_driver_sql("UPDATE serial SET last = 1 WHERE series = 'audit'")
    code, said = run("verify", "--against", typed)
    assert (code, "counts 2 audit lines, there are 1" in said, "anchor: " in said) == (1, True, False)


def test_with_the_published_key_verify_says_what_that_is_worth(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert database
    monkeypatch.setenv("MULIN_DATABASE_URL", f"sqlite:///{tmp_path / 'fresh.db'}")
    monkeypatch.setenv("MULIN_KEY", setting_checks.PUBLISHED_KEY)
    settings.cache_clear()
    assert run("init")[0] == 0
    code, said = run("verify")
    assert (code, "published demo key" in said) == (0, True)


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("command", [("init",), ("verify",), ("backup",), ("demo",), ("user", "list")])
def test_with_another_key_nothing_goes_on(monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.setenv("MULIN_KEY", NEW)
    settings.cache_clear()
    code, said = run(*command)
    if command != ("user", "list"):  # It only reads.
        assert (code, "MULIN_KEY is not the key" in said) == (1, True)


@pytest.mark.usefixtures("started")
def test_the_key_is_changed_by_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    key = run("key", "new")[1].strip()
    assert setting_checks.strong(key) and key != run("key", "new")[1].strip()
    assert run("key", "rotate", "--yes")[0] == 1, "there is no new key yet"
    monkeypatch.setenv("MULIN_NEW_KEY", key)
    db.forget()
    assert run("key", "rotate", "--yes")[0] == 0
    assert run("verify")[0] == 1
    monkeypatch.setenv("MULIN_KEY", key)
    settings.cache_clear()
    assert run("verify")[0] == 0


@pytest.mark.usefixtures("started")
def test_a_wrong_clock_is_refused_until_somebody_accepts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now() - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: before)
    code, said = run("init")
    assert (code, "Set the clock right" in said) == (1, True)
    assert run("clock", "accept", "--yes")[0] == 0
    assert run("init")[0] == 0
    assert "nothing to accept" in run("clock", "accept", "--yes")[1]


@pytest.mark.usefixtures("started")
def test_a_record_that_is_behind_is_told_until_somebody_accepts_it() -> None:
    with db.reading() as session:
        known_anchors.note(session)
    with db.writing() as session:
        dialect = session.get_bind().dialect.name
        gone = "audit_line_no_update" if dialect == "sqlite" else "audit_line_append_only ON audit_line"
        session.connection().exec_driver_sql(f"DROP TRIGGER {gone}")
        session.connection().exec_driver_sql("UPDATE audit_line SET digest = 'x'")
    code, said = run("verify")
    assert (code, "not those that this machine saw" in said) == (1, True)
    assert run("anchor", "accept", "--yes")[0] == 0
    with db.reading() as session:
        assert session.exec(select(AuditLine.act)).all()[-1] == "anchor.accept"
    assert "not those that this machine saw" not in run("verify")[1]


# Only SQLite's database is a file of ours.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("at", [0, 30, 100, 5000, 20_000])
def test_a_file_that_is_no_database_any_more_is_a_sentence(started: str, at: int) -> None:
    db.forget()
    file = Path(make_url(started).database or "")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with file.open("r+b") as spoiled:
        spoiled.seek(at)
        spoiled.write(b"\xa5" * 4096)
    for command in (("verify",), ("init",), ("backup",)):
        code, said = run(*command)
        assert "Traceback" not in said
        if command == ("verify",):
            assert code == 1 and said.strip(), said
    db.forget()


@pytest.mark.usefixtures("started")
def test_the_search_index_is_built_anew_by_a_command() -> None:
    with db.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM matter_text")
    assert run("reindex")[0] == 0
    assert run("verify")[0] == 0


@pytest.mark.parametrize(("name", "value"), [("PORT", "abc"), ("TIMEZONE", "Mars"), ("SESSION_HOURS", "-3")])
def test_a_wrong_setting_is_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("MULIN_KEY", KEY)
    monkeypatch.setenv(f"MULIN_{name}", value)
    settings.cache_clear()
    code, said = run("verify")
    monkeypatch.undo()
    settings.cache_clear()
    assert (code, f"MULIN_{name}" in said, "Traceback" in said) == (1, True, False)
