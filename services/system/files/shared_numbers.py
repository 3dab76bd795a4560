"""Shared numbers: a few of them for each key, changed by whoever serves on this machine, one after the other.

They lie in a file for each key, which is forgotten when nobody has asked for it for a while.
"""

import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from services.system.files import private_files, process_folders, work_folders


class SharedNumbers:
    """So many numbers for each key; ``kind`` names the folder they lie in."""

    def __init__(self, kind: str, count: int) -> None:
        self._kind = kind
        self._packed = struct.Struct(f"{count}d")

    @contextmanager
    def changing(self, key: str) -> Iterator[list[float]]:
        """The numbers of ``key``, an empty list where there are none; what the list holds at the end is kept.

        OSError where nothing can be written.
        """
        path = self._folder() / hashlib.sha256(key.encode()).hexdigest()[:32]
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            told = os.pread(opened, self._packed.size, 0)
            numbers = list(self._packed.unpack(told)) if len(told) == self._packed.size else []
            yield numbers
            os.pwrite(opened, self._packed.pack(*numbers), 0)
        finally:
            os.close(opened)

    def forget(self, seconds: float) -> None:
        """Forget the keys that nobody has asked for in that time."""
        before = time.time() - seconds
        for path in self._folder().iterdir():
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _folder(self) -> Path:
        return private_files.folder(work_folders.root() / f"{self._kind}-{process_folders.database()}")
