"""Cells: the value of one column as a seal keeps it: short ones as they are, long ones as a keyed digest."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, TypeDecorator

from services.system import hash_chain

Cell = str | int | float | bool | None
Write = Callable[[Any], Cell]

_SHORT = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def writer(column: Column[Any]) -> Write:
    """What writes the values of a column that are not none; what is empty in it becomes none, and takes no room."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    write, empty = next(((write, empty) for types, write, empty in _WRITERS if isinstance(kind, types)), (_text, ""))
    if column.nullable:
        return write
    return lambda value: None if value == empty else write(value)


def read(column: Column[Any], cell: Cell) -> Any:
    """What a cell says, for people; none where only its digest was kept."""
    if isinstance(cell, str):
        return cell[1:] if cell.startswith("=") else None
    moment = isinstance(cell, int) and isinstance(getattr(column.type, "impl_instance", column.type), DateTime)
    return _EPOCH + cell * _TICK if moment and cell is not None else cell


def _text(value: Any) -> str:
    text = str.__str__(value)
    return f"={text}" if len(text) <= _SHORT else _digest(text)


def _json(value: Any) -> str:
    return _digest(_WRITTEN.encode(value))


def _moment(value: datetime) -> int:
    return (value - _EPOCH) // _TICK


def _day(value: date) -> str:
    return f"={value.isoformat()}"


def _digest(text: str) -> str:
    made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=_key(hash_chain.key()), digest_size=12)
    return "#" + base64.b64encode(made.digest()).decode()


@lru_cache(maxsize=4)
def _key(key: str) -> bytes:
    return hashlib.sha256(f"cell {key}".encode()).digest()


# The types of columns, what writes their values, and what is empty where a value must be there.
_WRITERS: tuple[tuple[type, Write, Any], ...] = (
    (DateTime, _moment, None),
    (Date, _day, None),
    (Boolean, bool, False),
    (Integer, int, 0),
    (Float, float, 0.0),
    (JSON, _json, None),
)
