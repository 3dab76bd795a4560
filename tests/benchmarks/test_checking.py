"""The checker is handed databases that lie: whoever takes something away from under it is told on."""

from collections.abc import Callable

import pytest

from benchmarks import contention
from benchmarks.contention import Ground
from benchmarks.faults import checking, crash, crowd
from benchmarks.faults.checking import Saved
from services.system import db
from tests.services.system.test_db import ONLY_SQLITE

_PROTECTED = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


@pytest.fixture
def saved(ground: None) -> list[Saved]:  # noqa: ARG001
    with db.reading() as reading:
        here = Ground.of(reading)
    waiting = contention.steps(here.clerk(1), here)
    return [Saved(*next(waiting)()) for _ in range(4)]


def _lie(*statements: str) -> None:
    with db.engine().begin() as connection:
        for (name,) in connection.exec_driver_sql(_PROTECTED).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


@ONLY_SQLITE
@pytest.mark.usefixtures("database")
def test_a_sound_database_is_called_sound(saved: list[Saved]) -> None:
    assert checking.lost(saved) == [] == checking.half_written()


LIES = {
    "a matter is gone": ("DELETE FROM answer", "DELETE FROM event", "DELETE FROM matter"),
    "a version is put back": ("UPDATE matter SET version = 1",),
    "an event is gone": ("DELETE FROM event WHERE id = (SELECT max(id) FROM event)",),
}


@ONLY_SQLITE
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("lie", LIES)
def test_what_was_acknowledged_and_is_gone_is_missed(saved: list[Saved], lie: str) -> None:
    _lie(*LIES[lie])
    assert checking.lost(saved)


HALVES = {
    "a state without its event": ("UPDATE matter SET state = 'done'",),
    "a count that is another": ("UPDATE matter_count SET n = n + 1",),
    "a number without a matter": ("UPDATE serial SET last = last + 1 WHERE series LIKE 'CL-%'",),
    "an entry of the search that is gone": ("DELETE FROM matter_text",),
    "an index that is gone": ("DROP INDEX ix_matter_open",),
}


@ONLY_SQLITE
@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize("half", HALVES)
def test_what_is_only_half_there_is_found(half: str) -> None:
    _lie(*HALVES[half])
    assert checking.half_written()


@ONLY_SQLITE
@pytest.mark.usefixtures("saved")
def test_an_import_of_which_a_part_is_there_is_found() -> None:
    columns = "kind, file, digest, mapping, at, actor, rows, new, changed, unchanged, refused"
    _lie(f"INSERT INTO import_batch ({columns}) VALUES ('matters', 'f', 'd', 'm', '2026-11-28', 'x', 9, 9, 0, 0, 0)")
    assert checking.parts() == ["import 1: 0 of 9"]


@ONLY_SQLITE
@pytest.mark.usefixtures("ground")
def test_a_save_that_is_told_before_it_is_written_is_lost_by_a_kill(monkeypatch: pytest.MonkeyPatch) -> None:
    def early(_ground: Ground, report: Callable[[Saved | None], None]) -> None:
        told = checking.newest
        with db.reading() as session:
            number = told(session).number if contention.work(1, lambda done: done < 1) else ""
        report(Saved(number, 99))

    monkeypatch.setattr(crash, "_work", early)
    assert crash.clerks("sqlite", 1).lost


@ONLY_SQLITE
@pytest.mark.usefixtures("ground")
def test_who_reads_what_is_old_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = contention._told
    monkeypatch.setattr(contention, "_told", lambda matter: (real(matter)[0], real(matter)[1] + 1))
    found = crowd.clerks("sqlite", 2, clerks=2, longest=10)
    assert not found.sound and any("is read at" in one for one in found.wrong)


@ONLY_SQLITE
@pytest.mark.usefixtures("ground")
def test_a_save_that_takes_long_is_said() -> None:
    assert any("longer" in one for one in crowd.clerks("sqlite", 2, clerks=2, longest=0).wrong)
