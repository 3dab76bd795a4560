"""The database's manners: what was acknowledged outlives a power cut, and nobody who reads waits for a writer."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from models.audit import AuditLine
from services.system import database_faults, db
from tests.databases import PRAGMAS

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def write_lock(url: str) -> Iterator[None]:
    """Somebody else writes, and does not end."""
    with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@ONLY_SQLITE
def test_every_connection_is_told_to_sync_what_it_commits(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_PRAGMAS", PRAGMAS)
    db.forget()
    held = [db.engine(database).connect() for _ in range(15)]  # more than the pool keeps
    try:
        assert {one.exec_driver_sql("PRAGMA synchronous").scalar() for one in held[:1]} == {2}
        held[0].rollback()
        for one in held[1:]:
            assert one.connection.driver_connection.execute("PRAGMA synchronous").fetchone() == (2,)  # type: ignore[union-attr]
    finally:
        for one in held:
            one.close()
    with db.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2


@ONLY_SQLITE
def test_who_reads_never_waits_and_who_is_in_a_hurry_not_for_long(database: str) -> None:
    with write_lock(database):
        began = time.monotonic()
        with db.reading() as session:
            session.exec(select(AuditLine)).all()
        assert time.monotonic() - began < 1
        with pytest.raises(OperationalError) as caught, db.writing(db.HURRY) as session:
            session.connection()
        assert time.monotonic() - began < 3
        assert database_faults.kind(caught.value) == "busy"


@ONLY_SQLITE
def test_who_waits_to_write_leaves_connections_to_who_reads(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE", 3.0)
    refused = []

    def click() -> None:
        try:
            with db.writing() as session:
                session.connection()
        except OperationalError as error:
            refused.append(database_faults.kind(error))

    with write_lock(database):
        clicks = [threading.Thread(target=click) for _ in range(60)]
        for one in clicks:
            one.start()
        time.sleep(0.3)
        began = time.monotonic()
        with db.reading() as session:
            session.execute(text("SELECT 1"))
        assert time.monotonic() - began < 2
        for one in clicks:
            one.join(8)
    assert refused == ["busy"] * 60


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("database is locked", "busy"),
        ("database or disk is full", "full"),
        ("attempt to write a readonly database", "readonly"),
        ("database disk image is malformed", "damaged"),
        ("file is not a database", "damaged"),
        ("no such column: x", "schema"),
        ("unable to open database file", "gone"),
        ("connection refused", "gone"),
    ],
)
def test_each_fault_has_words_of_its_own(told: str, kind: str) -> None:
    fault = OperationalError("SELECT 1", None, sqlite3.OperationalError(told))
    assert database_faults.kind(fault) == kind
    assert told in str(database_faults.for_operator(fault)) or kind == "busy"
    assert told not in str(database_faults.for_person(fault))
