"""The five faults in their short form; ``make faults`` tries them for long."""

from pathlib import Path

import pytest

from benchmarks import fill
from benchmarks.faults import blocked, crash, crowd, limits, power, upgrade
from services.system import db
from tests.databases import use
from tests.services.system.test_db import ONLY_SQLITE


def _kind() -> str:
    return db.engine().dialect.name


@pytest.mark.usefixtures("ground")
def test_whoever_is_killed_loses_nothing_he_was_told_of() -> None:
    found = crash.clerks(_kind(), rounds=4)
    assert found.sound and found.acknowledged >= found.times, found.cells()


@pytest.mark.usefixtures("ground")
def test_an_import_that_is_killed_leaves_all_of_its_rows_or_none(tmp_path: Path) -> None:
    found = crash.ledgers(_kind(), 2, tmp_path)
    assert found.sound, found.cells()


@pytest.mark.usefixtures("ground")
def test_a_crowd_in_one_grid_is_neither_broken_off_nor_shown_what_is_old() -> None:
    found = crowd.clerks(_kind(), steps=6, clerks=8, longest=10)  # How fast it is says `make faults`.
    assert found.sound and found.acknowledged == 48, found.cells()


@pytest.mark.usefixtures("ground")
def test_every_route_answers_in_words_whatever_holds_the_database_up(monkeypatch: pytest.MonkeyPatch) -> None:
    fill.identities()
    monkeypatch.setattr(db, "DOOR", 0.3)
    for found in blocked.each(_kind(), soon=5):
        assert found.sound and found.times > 15, found.cells()


@ONLY_SQLITE
@pytest.mark.parametrize("version", upgrade.versions())
def test_a_database_of_each_released_schema_becomes_one_of_this(
    database: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [found] = upgrade.each(tmp_path, lambda url, key: use(monkeypatch, url, KEY=key), [version])
    assert found.sound and found.acknowledged > 500, found.cells()
    assert database


def test_a_database_is_stored_of_each_released_schema() -> None:
    released = {path.name[:4] for path in Path("migrations/versions").glob("0*.py")}
    assert set(upgrade.versions()) == released


@ONLY_SQLITE
@pytest.mark.usefixtures("ground")
def test_what_was_acknowledged_outlives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if power.compiler() is None:
        pytest.skip("No C compiler: apt-get install gcc brings one.")
    found = power.cut(tmp_path / "power", 12, lambda url: use(monkeypatch, url))
    assert found.sound and found.acknowledged == 12, found.cells()


@pytest.mark.usefixtures("ground")
def test_a_clock_behind_the_newest_event_takes_nothing_and_breaks_nothing() -> None:
    found = limits.clock_behind(_kind())
    assert found.sound and found.acknowledged == 1, found.cells()
