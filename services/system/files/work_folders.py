"""Work folders: where rows of somebody's file lie while they are worked on, for nobody else, and gone when it is done.

Whoever works in a folder holds a lock on it. A process that is killed lets go of its lock, and the next sweep, at the
next start or the next import of any process, removes what it left behind.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import IO, Any, Self

from services.system.files import private_files
from services.system.settings import settings

_PREFIX = "work-"
_LOCK = ".lock"


class WorkFolder:
    """A fresh folder. A context manager: at its end, or with ``close``, the folder is gone."""

    def __init__(self, kind: str = "") -> None:
        sweep()
        with _swept():
            self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{kind}", dir=root()))
            self._lock = os.open(self.path / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Remove the folder with all that is in it. Closing it twice does nothing."""
        rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def root() -> Path:
    """The folder of all work folders."""
    return private_files.folder(settings().work_folder)


def file() -> IO[Any]:
    """A file that has no name from the moment it is there: it goes with whoever holds it, however that ends."""
    return tempfile.TemporaryFile(dir=root())


def sweep() -> None:
    """Remove the folders that nobody works in any more."""
    with _swept():
        for folder in root().glob(f"{_PREFIX}*"):
            if not _held(folder):
                rmtree(folder, ignore_errors=True)


def worked_in(kind: str) -> Iterator[Path]:
    """The folders of a kind that somebody works in, in this process or another."""
    yield from (folder for folder in root().glob(f"{_PREFIX}{kind}*") if _held(folder))


@contextmanager
def _swept() -> Iterator[None]:
    """One at a time: a folder that was just made has no lock yet."""
    with private_files.touch(root() / ".sweeping").open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _held(folder: Path) -> bool:
    with suppress(FileNotFoundError), (folder / _LOCK).open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
