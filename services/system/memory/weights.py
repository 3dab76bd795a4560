"""Weights: about how many bytes of memory a value takes, with everything that hangs on it alone."""

import sys
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

# These are there anyway, whoever else points at them; what SQLAlchemy hangs on a row leads to the whole engine.
_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, Enum, bool, type(None))
_NOT_ITS_OWN = "_sa_instance_state"
_FLAT = (str, bytes, bytearray, memoryview, int, float, complex)


def weight(value: object) -> int:
    """The bytes of ``value``: what it holds twice counts once, what everybody shares counts nothing."""
    seen, waiting, total = set[int](), [value], 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _SHARED):
            continue
        seen.add(id(one))
        total += max(sys.getsizeof(one), int(getattr(one, "nbytes", 0)))
        waiting.extend(_parts(one))
    return total


def _parts(one: object) -> Iterator[object]:
    if isinstance(one, _FLAT) or hasattr(one, "nbytes"):
        return
    if isinstance(one, Mapping):
        yield from one.keys()
        yield from one.values()
    elif isinstance(one, Collection):
        yield from one
    yield from (part for name, part in getattr(one, "__dict__", {}).items() if name != _NOT_ITS_OWN)
    yield from (getattr(one, name) for name in _slots(type(one)) if hasattr(one, name))


def _slots(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        told = base.__dict__.get("__slots__", ())
        yield from (name for name in ((told,) if isinstance(told, str) else told) if not name.startswith("__"))
