"""Running: whether a program serves this database now, so that none changes its schema under another's feet.

A server holds a lock for as long as it lives, on SQLite on a file beside the database, on PostgreSQL on a number; the
system lets go of it with the process, however that ends.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text

from services.system import db
from services.system.database_faults import FAULTS
from services.system.errors import Refused
from services.system.files import private_files

_NUMBER = 770006
_HELD: dict[str, int | Connection] = {}


def hold() -> None:
    """Say that this process serves the configured database, until it ends. Where that can't be said, it goes on."""
    url = str(db.engine().url)
    with suppress(OSError, *FAULTS):
        if not _alive(_HELD.get(url)):
            held = _beside() if db.engine().dialect.name == "sqlite" else _numbered()
            if held is not None:
                _HELD[url] = held


def _alive(held: int | Connection | None) -> bool:
    if held is None or isinstance(held, int):
        return held is not None
    try:
        held.execute(text("SELECT 1"))
        held.rollback()
    except FAULTS:
        held.invalidate()
        return False
    return True


def let_go() -> None:
    """Take it back."""
    for held in _HELD.values():
        if isinstance(held, int):
            os.close(held)
        else:
            held.close()
    _HELD.clear()


def require_none() -> None:
    """Raise Refused while a server works on the configured database."""
    if db.engine().dialect.name == "sqlite":
        alone = _file_is_free()
    else:
        with db.engine().connect() as connection:
            alone = bool(connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_NUMBER})")))
    if not alone:
        raise Refused("The program is still running. Stop it first.")


def _path() -> Path | None:
    name = db.engine().url.database or ""
    return Path(f"{name}.serving") if name and name != ":memory:" and not name.startswith("file:") else None


def _beside() -> int | None:
    path = _path()
    if path is None:
        return None
    opened = os.open(private_files.touch(path), os.O_RDONLY)
    fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return opened


def _file_is_free() -> bool:
    path = _path()
    if path is None or not path.exists():
        return True
    opened = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(opened)
    return True


def _numbered() -> Connection:
    connection = db.engine().connect()
    connection.detach()  # It never goes back to the pool, and ends with the process.
    connection.execute(text(f"SELECT pg_advisory_lock_shared({_NUMBER})"))
    connection.commit()
    return connection
