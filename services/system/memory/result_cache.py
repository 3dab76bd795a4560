"""Memo: remember what was computed for one version of the data, as much as there is room for, shared among askers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from services.system.memory.weights import weight

T = TypeVar("T")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class _Held:
    value: Any
    bytes: int
    asker: Hashable


class Memo:
    """At most ``room`` values of ``megabytes`` together, by key, each charged to whoever asked for it first.

    A key holds the version of the data, so a new event makes every memory stale. Where there is no room, whoever holds
    the most loses what he asked for least recently: nobody's asking costs another more than his own share.
    """

    def __init__(self, room: int, megabytes: float) -> None:
        self._room, self._most = room, int(megabytes * _MEGABYTE)
        self._held: dict[Hashable, _Held] = {}
        self._askers: dict[Hashable, OrderedDict[Hashable, int]] = {}
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """What everything remembered weighs."""
        with self._lock:
            return self._total()

    def remembered(self, key: Hashable, compute: Callable[[], T], asker: Hashable = "") -> T:
        """The value computed for ``key``; two threads may compute it at the same time, and both get a right one."""
        held = self._find(key)
        if held is not None:
            kept: T = held.value
            return kept
        value = compute()
        self.put(key, value, asker)
        return value

    def get(self, key: Hashable) -> Any:
        """What is remembered for ``key``, or nothing."""
        held = self._find(key)
        return held.value if held else None

    def put(self, key: Hashable, value: Any, asker: Hashable = "") -> None:
        """Remember ``value``, unless it alone is more than there is room for."""
        held = _Held(value, weight((key, value)), asker)
        with self._lock:
            self._drop(key)
            if held.bytes > self._most:
                return
            self._held[key] = held
            self._askers.setdefault(asker, OrderedDict())[key] = held.bytes
            while len(self._held) > self._room:
                self._drop_oldest(max(self._askers.values(), key=len))
            while self._total() > self._most:
                self._drop_oldest(max(self._askers.values(), key=_bytes))

    def forget(self) -> None:
        """Forget everything, as a fresh process would."""
        with self._lock:
            self._held.clear()
            self._askers.clear()

    def _find(self, key: Hashable) -> _Held | None:
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._askers[held.asker].move_to_end(key)
            return held

    def _total(self) -> int:
        return sum(map(_bytes, self._askers.values()))

    def _drop_oldest(self, theirs: OrderedDict[Hashable, int]) -> None:
        self._drop(next(iter(theirs)))

    def _drop(self, key: Hashable) -> None:
        held = self._held.pop(key, None)
        if held is None:
            return
        theirs = self._askers[held.asker]
        del theirs[key]
        if not theirs:
            del self._askers[held.asker]


def _bytes(theirs: OrderedDict[Hashable, int]) -> int:
    return sum(theirs.values())
