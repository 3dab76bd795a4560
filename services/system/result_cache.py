"""Memo: remember what was computed for one version of the data; the least recently used is forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Memo:
    """At most ``room`` values by key. A key holds the version of the data, so a new event makes every memory stale."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def remembered(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value computed for ``key``; two threads may compute it at the same time, and both get a right one."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: T = self._kept[key]
                return kept
        value = compute()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return value

    def forget(self) -> None:
        """Forget everything, as a fresh process would."""
        with self._lock:
            self._kept.clear()
