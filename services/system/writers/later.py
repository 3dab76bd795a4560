"""Later: what was noted on the way to something else, and is written when nobody is kept waiting for it.

That somebody was here a moment ago, or reads another language now, must not make a page wait for whoever is writing. It
counts for this process at once (``noted``), and is written with the others of its kind every few seconds (``flush``).
What a process that is killed had not written yet is forgotten: nothing is noted here that anybody was told to be saved.
"""

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import Session

from services.system import db
from services.system.errors import Refused

_LOG = logging.getLogger(__name__)
# One for everybody who is signed in, and more; the oldest goes first.
MOST = 20_000

Key = tuple[Hashable, ...]
Write = Callable[[Session, Any], None]


@dataclass(frozen=True)
class _Note:
    value: Any
    write: Write


_NOTES: dict[Key, _Note] = {}
_LOCK = Lock()


def note(key: Key, value: Any, write: Write) -> None:
    """Let ``value`` count from now on; ``write(session, value)`` is called later, once for the last value noted."""
    with _LOCK:
        _NOTES.pop(key, None)
        _put(key, _Note(value, write))


def first(key: Key, value: Any, write: Write) -> Any:
    """As ``note``, but what was noted before stays; returns what counts."""
    with _LOCK:
        return _NOTES[key].value if key in _NOTES else _put(key, _Note(value, write))


def _put(key: Key, found: _Note) -> Any:
    while len(_NOTES) >= MOST:
        _NOTES.pop(next(iter(_NOTES)))
    _NOTES[key] = found
    return found.value


def noted(key: Key) -> Any:
    """What was noted and is not written yet; None where nothing is."""
    found = _NOTES.get(key)
    return found.value if found else None


def forget(key: Key | None = None) -> None:
    """Drop a note, or all: something newer was written, or the process is about to look at another database."""
    with _LOCK:
        if key is None:
            _NOTES.clear()
        else:
            _NOTES.pop(key, None)


def flush(patience: float = db.HURRY) -> int:
    """Write what is noted, in one transaction; how much is left, because others are writing or the database is away."""
    with _LOCK:
        # Two processes that write the same rows take them in the same order, and none waits for the other for ever.
        waiting = sorted(_NOTES.items(), key=lambda pair: repr(pair[0]))
    if waiting and not _write(waiting, patience):
        for pair in waiting:
            _write([pair], patience, last=True)
    return len(_NOTES)


def _write(waiting: list[tuple[Key, _Note]], patience: float, last: bool = False) -> bool:
    """Whether these are dealt with: written, or left for the next time. A single one that can't be is given up."""
    try:
        with db.writing(patience) as session:
            for _, found in waiting:
                found.write(session, found.value)
    except (OperationalError, NoConnection, Refused) as error:
        _LOG.info("%s notes are left for later: %s", len(waiting), type(error).__name__)
        return True
    except SQLAlchemyError as error:
        if last:
            _LOG.warning("A note could not be written and is given up: %s", type(error).__name__)
            _done(waiting)
        return False
    _done(waiting)
    return True


def _done(written: list[tuple[Key, _Note]]) -> None:
    with _LOCK:
        for key, found in written:
            if _NOTES.get(key) is found:
                del _NOTES[key]
