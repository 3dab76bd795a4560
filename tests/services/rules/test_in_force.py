"""The rules in force stand in the audit chain: whoever changes one is told of, by the program and by verify."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import AuditLine
from services.engine import starting
from services.keep import inspection
from services.matters import audit_trail
from services.rules import in_force
from services.system import data_files, db
from services.system.settings import DATA, settings
from services.words import local_files
from tests.services.keep.test_verify import _FREE

pytestmark = pytest.mark.usefixtures("settled", "place")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, session: Session) -> Iterator[Path]:
    """A copy of the program's own tables, which the audit lines tell of already; ``session`` sees it."""
    copied = tmp_path / "data"
    shutil.copytree(DATA, copied)
    monkeypatch.setattr(in_force, "DATA", copied)
    monkeypatch.setattr(data_files, "DATA", copied)
    session.rollback()
    starting.start("tester")
    yield copied
    in_force._HERE = in_force._Here()


def _change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("area,", "own,", 1), encoding="utf-8")


def _lines(act: str = in_force.ONE) -> list[AuditLine]:
    with db.reading() as session:
        return list(session.exec(select(AuditLine).where(AuditLine.act == act).order_by(col(AuditLine.seq))))


def _problems() -> list[tuple[str, str]]:
    with db.reading() as session:
        return [(found.kind, found.number) for found in inspection.inspect(session).problems]


def _remarks() -> list[str]:
    with db.reading() as session:
        return [message.format(**told) for message, told in inspection.remarks(session, [])]


def test_the_first_start_tells_of_every_table_once(data: Path) -> None:
    starting.start("tester")
    [line] = _lines(in_force.ALL)
    assert line.data and {"permissions.csv", "flows/issue/arrows.csv", "calendars/2026.csv"} <= set(line.data["files"])
    assert not any("/demo/" in file for file in line.data["files"])
    assert (_lines(), _problems()) == ([], [])
    assert data


def test_a_changed_right_is_named_before_the_start_and_told_of_after_it(data: Path) -> None:
    _change(data / "permissions.csv")
    assert _problems() == [("rules", "permissions.csv")]
    starting.start("tester")
    starting.start("tester")
    [line] = _lines()
    assert line.subject == "permissions.csv" and line.data
    assert len({line.data["old"], line.data["new"], ""}) == 3
    assert _problems() == []
    [remark] = _remarks()
    assert remark.startswith("permissions.csv: other rows are in force since")
    assert audit_trail.subject(line).startswith("permissions.csv ")


def test_a_file_that_came_or_went_is_told_of_too(data: Path) -> None:
    (data / "calendars" / "2027.csv").unlink()
    (data / "mappings" / "more.toml").write_text("a = 1\n", encoding="utf-8")
    assert _problems() == [("rules", "calendars/2027.csv"), ("rules", "mappings/more.toml")]
    starting.start("tester")
    assert [(line.subject, bool(line.data and line.data["new"])) for line in _lines()] == [
        ("calendars/2027.csv", False),
        ("mappings/more.toml", True),
    ]
    assert _problems() == []
    assert ["no longer" in remark for remark in _remarks()] == [True, False]


def test_a_line_that_is_taken_away_is_found(session: Session, data: Path) -> None:
    _change(data / "permissions.csv")
    starting.start("tester")
    for statement in _FREE[session.get_bind().dialect.name]:
        session.execute(text(statement))
    session.execute(text(f"DELETE FROM audit_line WHERE act = '{in_force.ONE}'"))
    found = {problem.kind for problem in inspection.inspect(session).problems}
    assert {"cut", "rules"} <= found


def test_a_local_table_is_told_of_while_the_program_runs_and_nothing_else_is(data: Path) -> None:
    _change(data / "permissions.csv")
    local = settings().local_folder
    (local / "flows").mkdir(parents=True)
    (local / "flows" / "fields.csv").write_text("field\n", encoding="utf-8")
    (local / "work_hours.csv").write_text("weekday,from,to\n", encoding="utf-8")
    local_files.forget()
    in_force.keep_up("tester")
    in_force.keep_up("tester")
    assert [line.subject for line in _lines()] == ["local/work_hours.csv"]


def test_a_start_on_a_database_that_others_write_to_does_not_wait(data: Path) -> None:
    """What could not be told of is told of as soon as they have ended."""
    _change(data / "permissions.csv")
    written, ends = threading.Event(), threading.Event()

    def hold() -> None:
        with db.writing():
            written.set()
            ends.wait(20)

    holding = threading.Thread(target=hold)
    holding.start()
    written.wait(5)
    starting.start("tester")
    assert holding.is_alive()
    ends.set()
    holding.join()
    assert _lines() == []
    in_force.keep_up("tester")
    assert [line.subject for line in _lines()] == ["permissions.csv"]


def test_several_processes_that_start_at_once_tell_of_it_once(data: Path) -> None:
    _change(data / "permissions.csv")
    (data / "numerals.csv").write_text("kind\n", encoding="utf-8")
    now = in_force.on_disk()
    threads = [threading.Thread(target=in_force._tell, args=("tester", now)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    in_force._tell("tester", now)
    assert sorted(line.subject for line in _lines()) == ["numerals.csv", "permissions.csv"]


def test_a_name_of_any_length_and_a_file_that_may_not_be_read_are_told_of_once(data: Path) -> None:
    (data / "calendars" / f"{'9' * 200}.csv").write_text("date\n", encoding="utf-8")
    (data / "gone.csv").symlink_to(data / "nowhere.csv")
    (data / "mappings" / "bad.toml").symlink_to("/proc/self/mem")
    starting.start("tester")
    starting.start("tester")
    assert len(_lines()) == 2
    assert _problems() == []
