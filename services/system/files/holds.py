"""Holds: how much of something is held at this moment, by all processes that serve on this machine together.

What this process holds it counts in memory. To the others it tells the amount as the size of an empty file in its
process folder: read and written at one stroke, it takes no room, and counts no more when its process is gone.
"""

import hashlib
import os
from collections import Counter
from contextlib import suppress
from threading import Lock

from services.system.files import private_files, process_folders


class Holds:
    """What is held of one kind, by key: an account, an address."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._own: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, key: str, amount: int = 1) -> None:
        """Hold so much more. Who may hold only so much takes first, then counts, and gives back what is too much."""
        self._change(key, amount)

    def give(self, key: str, amount: int = 1) -> None:
        """Hold so much less."""
        self._change(key, -amount)

    def count(self, key: str) -> int:
        """How much is held under ``key``."""
        return self._own[key] + self._elsewhere(self._name(key))

    def total(self) -> int:
        """How much is held under all keys."""
        return self._own.total() + self._elsewhere(f"{self._kind}-*")

    def _change(self, key: str, amount: int) -> None:
        with self._lock:
            self._own[key] += amount
            # Where nothing can be written any more, each process goes by what it holds itself.
            with suppress(OSError):
                self._tell(key)
            self._own += Counter()

    def _tell(self, key: str) -> None:
        path = process_folders.own() / self._name(key)
        if self._own[key]:
            os.truncate(path if path.exists() else private_files.touch(path), self._own[key])
        else:
            path.unlink(missing_ok=True)

    def _name(self, key: str) -> str:
        return f"{self._kind}-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    def _elsewhere(self, pattern: str) -> int:
        found = 0
        for folder in process_folders.others():
            for path in folder.glob(pattern):
                with suppress(OSError):  # It has just been given back.
                    found += path.stat().st_size
        return found
