"""Turns: whoever wants to write waits for his turn, in the order of asking.

SQLite lets in whoever tries at the right moment, and lets sleep longest who has waited longest: some never wait, others
for ten seconds. So the threads of a process stand in a queue here, and the first of each process waits at a file beside
the database for the other processes.
"""

import fcntl
import os
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, get_ident

from services.system.files import private_files

ENDING = "-turn"
_NEXT, _WRITING = 0, 1
_LOOK_AGAIN = 0.001


class Turn:
    """The right to write to one database, given to one thread after the other; ``file`` is shared with others."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._holder = 0
        self._door = _Door(file) if file else None

    def take(self, patience: float) -> float:
        """Wait for it; how much of the patience is left by then. TimeoutError when others hold it for longer."""
        ends = time.monotonic() + patience
        self._stand_in_line(patience)
        try:
            if self._door:
                self._door.enter(ends)
        except BaseException:
            self._call_next()
            raise
        self._holder = get_ident()
        return max(ends - time.monotonic(), _LOOK_AGAIN)

    def give(self) -> None:
        """Let whoever has waited longest have it."""
        self._holder = 0
        if self._door:
            self._door.leave()
        self._call_next()

    def forget(self) -> None:
        """Let go of the file."""
        if self._door:
            self._door.close()

    def _stand_in_line(self, patience: float) -> None:
        if self._holder == get_ident():
            raise RuntimeError("This thread is writing already: pass its session on instead of asking for a second.")
        mine = Event()
        with self._lock:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                return
        try:
            served = mine.wait(patience)
        except BaseException:  # Whoever is interrupted must not be waited for by those behind.
            self._withdraw(mine)
            raise
        if not served:
            self._withdraw(mine)
            raise TimeoutError

    def _withdraw(self, mine: Event) -> None:
        with self._lock:
            first = self._waiting[0] is mine
            if not first:
                self._waiting.remove(mine)
        if first:  # It was handed over at the last moment.
            self._call_next()

    def _call_next(self) -> None:
        with self._lock:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].set()


class _Door:
    """The same between processes, as well as a file can tell.

    Who waits to write holds the place of the next one meanwhile: so whoever has just written can't go first again.
    """

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file = -1

    def enter(self, ends: float) -> None:
        """Wait for the other processes. TimeoutError when that takes longer than until ``ends``."""
        if not self._open():
            return
        self._take(_NEXT, ends)
        try:
            self._take(_WRITING, ends)
        finally:
            self._free(_NEXT)

    def leave(self) -> None:
        """Let the next one in."""
        if self._file >= 0:
            self._free(_WRITING)

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _open(self) -> bool:
        if self._file < 0:
            try:
                self._file = os.open(private_files.touch(self._path), os.O_RDWR | os.O_CLOEXEC)
            except OSError:
                return False  # A full disk, or one that is only read: the database itself says so.
        return True

    def _take(self, place: int, ends: float) -> None:
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                return
            except (BlockingIOError, PermissionError):
                if time.monotonic() > ends:
                    raise TimeoutError from None
                time.sleep(_LOOK_AGAIN)
            except OSError:
                return  # A folder of a network that knows no locks.

    def _free(self, place: int) -> None:
        with suppress(OSError):
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)
