"""Heads: one digest of the first so many events, and of the first so many audit lines, in the order they were written.

They are made of what the records say, with no key: another key leaves them as they are, and whoever has the key can't
write another history with the same heads.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from services.keep.anchor_text import HEAD_BITS
from services.system import hash_chain
from services.system.progress import Progress, silent

_BATCH = 5000
_EVENTS = text(
    "SELECT matter.number, event.seq, event.at, event.actor_id, event.actor, event.action, event.from_state,"
    " event.to_state, event.note, event.data FROM event LEFT JOIN matter ON matter.id = event.matter_id"
    " ORDER BY event.id LIMIT :count"
)
_LINES = text("SELECT seq, at, actor, act, subject, data FROM audit_line ORDER BY seq LIMIT :count")


def of_events(session: Session, count: int, progress: Progress = silent) -> tuple[int, int]:
    """The head of the first ``count`` events, and how many of them there are."""
    return _head(session, _EVENTS, count, lambda done: progress("Reading the events", done, max(count, done)))


def of_lines(session: Session, count: int) -> tuple[int, int]:
    """The head of the first ``count`` audit lines, and how many of them there are."""
    return _head(session, _LINES, count, lambda _done: None)


def _head(session: Session, query: TextClause, count: int, tell: Callable[[int], None]) -> tuple[int, int]:
    connection = session.connection()
    found = connection.execute(query, {"count": count}, execution_options={"yield_per": _BATCH})
    digest, there, told = hashlib.sha256(), 0, _teller(connection.dialect.name)
    for rows in found.partitions():
        digest.update(told(rows))
        there += len(rows)
        tell(there)
    return int.from_bytes(digest.digest()) >> (256 - HEAD_BITS), there


def _teller(dialect: str) -> Callable[[Iterable[Any]], bytes]:
    """How rows become bytes, the same from both databases: times as SQLite keeps them, JSON with its keys in order."""
    if dialect == "sqlite":
        return lambda rows: _written((*row[:-1], json.loads(row[-1]) if row[-1] else None) for row in rows)
    return lambda rows: _written([_moment(cell) for cell in row] for row in rows)


def _written(rows: Iterable[Any]) -> bytes:
    # Without its brackets: how many rows come at a time must not show.
    return hash_chain.written(*rows)[1:-1] + b","


def _moment(cell: Any) -> Any:
    if not isinstance(cell, datetime):
        return cell
    return cell.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
