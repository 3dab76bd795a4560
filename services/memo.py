"""Remember what was computed for one version of the data; a new event makes every memory stale."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

_ROOM = 2000
_KEPT: OrderedDict[Hashable, Any] = OrderedDict()
_LOCK = Lock()


def remembered(key: Hashable, compute: Callable[[], T]) -> T:
    """The value computed for ``key``, computed once; the least recently used is forgotten first.

    Two threads may compute the same value at the same time; both get a right one.
    """
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            kept: T = _KEPT[key]
            return kept
    value = compute()
    with _LOCK:
        _KEPT[key] = value
        while len(_KEPT) > _ROOM:
            _KEPT.popitem(last=False)
    return value


def forget() -> None:
    """Forget everything: the process now looks at another database."""
    with _LOCK:
        _KEPT.clear()
