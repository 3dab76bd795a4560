"""What several processes hold counts together, and what a killed one held counts no more."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.system.files import process_folders, work_folders
from services.system.files.holds import Holds
from services.system.settings import ROOT, settings

_OTHER = """
import sys
from services.system.files.holds import Holds
Holds("kind").take("account 1", 3)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MULIN_WORK_FOLDER", str(tmp_path / "work"))
    settings.cache_clear()
    yield tmp_path / "work"
    process_folders.close()
    settings.cache_clear()


@contextmanager
def another(database: str = "") -> "Iterator[subprocess.Popen[str]]":
    more = {"MULIN_DATABASE_URL": database} if database else {}
    started = subprocess.Popen(
        [sys.executable, "-c", _OTHER],
        cwd=ROOT,
        env=os.environ | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout and started.stdout.readline() == "held\n"
        yield started
        if started.stdin:
            started.stdin.close()


def test_all_processes_count_and_a_killed_one_no_more(folder: Path) -> None:
    holds = Holds("kind")
    holds.take("account 1")
    with another() as other:
        assert (holds.count("account 1"), holds.count("account 2"), holds.total()) == (4, 0, 4)
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert (holds.count("account 1"), holds.total()) == (1, 1), "nobody has swept yet"
        assert len(list(folder.glob("work-process-*"))) == 2
        work_folders.sweep()
        assert len(list(folder.glob("work-process-*"))) == 1


def test_who_serves_another_database_does_not_count(tmp_path: Path) -> None:
    with another(f"sqlite:///{tmp_path / 'other.db'}"):
        assert Holds("kind").total() == 0


def test_what_is_given_back_leaves_nothing(folder: Path) -> None:
    holds = Holds("kind")
    holds.take("a", 5)
    holds.give("a", 5)
    assert holds.total() == 0 and not list(folder.glob("*/kind-*"))


def test_where_nothing_can_be_written_each_goes_by_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(process_folders, "own", full)
    holds = Holds("kind")
    holds.take("a", 2)
    assert holds.count("a") == 2
    holds.give("a")
    assert holds.total() == 1
