"""Waiting: an import waits for whoever is writing, without a storm of tries; where the database is down it says so."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError as SQLiteError

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from services.importing.batch import batches
from services.system import db
from services.system.errors import Refused
from services.system.progress import silent


def _failing(monkeypatch: pytest.MonkeyPatch, reason: str) -> list[float]:
    tries = list[float]()

    @contextmanager
    def writing(_patience: float, *, much: bool) -> Iterator[Session]:
        assert much
        tries.append(time.monotonic())
        raise OperationalError("BEGIN IMMEDIATE", None, SQLiteError(reason))
        yield

    monkeypatch.setattr(db, "writing", writing)
    return tries


def test_an_import_that_finds_the_database_busy_pauses_between_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = _failing(monkeypatch, "database is locked")
    monkeypatch.setattr(batches, "_PATIENCE", 1)
    with pytest.raises(Refused, match="Somebody else is writing"), batches._writing(silent):
        pass
    assert 2 <= len(tries) <= 8


@pytest.mark.parametrize("reason", ["connection refused", "disk I/O error"])
def test_an_import_that_finds_the_database_down_says_so_at_once(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    tries = _failing(monkeypatch, reason)
    with pytest.raises(OperationalError, match=reason), batches._writing(silent):
        pass
    assert len(tries) == 1
