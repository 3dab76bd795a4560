"""Where the databases of a run lie: in memory where there is room, and beside its other files where there is none.

A copy of PostgreSQL's three hundred files costs a disk five times what it costs memory. The folder is made by the
process that deals the tests, found by its workers in their environment, and removed when all have left.
"""

import os
import shutil
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")
_FOLDER = "MULIN_TEST_DATABASES"
_NAME = "mulin-tests-"
# All templates, two copies for each worker, PostgreSQL's log, and as much again.
_ROOM = 2_000_000_000


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder, and remove those of runs that were killed."""
    if hasattr(config, "workerinput") or not _roomy():
        return
    _sweep()
    folder = _MEMORY / f"{_NAME}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(0o700)
    os.environ[_FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it: every worker has ended by now."""
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(_FOLDER, "")):
        shutil.rmtree(folder, ignore_errors=True)


def folder(beside: Path) -> Path:
    """The folder that all workers of this run have in common; ``beside`` is where it lies without room in memory."""
    found = Path(os.environ.get(_FOLDER) or beside / "databases")
    found.mkdir(exist_ok=True)
    return found


def _roomy() -> bool:
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM


def _sweep() -> None:
    for left in _MEMORY.glob(f"{_NAME}*"):
        if not _lives(left.name.removeprefix(_NAME)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: str) -> bool:
    return process.isdecimal() and Path("/proc", process).exists()
