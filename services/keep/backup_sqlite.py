"""How SQLite is copied while in use, checked, and put back."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from services.system import facts, schema
from services.system.errors import Refused
from services.system.files import private_files


def dump(url: URL, path: Path) -> None:
    """Copy the database to ``path``, which appears only when it is complete and sound."""
    part = private_files.touch(path.with_suffix(".part"))
    try:
        with closing(sqlite3.connect(_file(url))) as source, closing(sqlite3.connect(part)) as target:
            # In one step: a copy in pages starts again with every write, and under load never ends.
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        check(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path) -> str:
    """The fingerprint of the key it was sealed with, as far as it says so.

    Refuse a copy that SQLite finds damaged, or that a newer version of the program wrote.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            sound = sound and copy.execute("PRAGMA foreign_key_check").fetchone() is None
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            key = _key(copy)
    except sqlite3.DatabaseError:
        sound, version, key = False, None, ""
    if not sound or not version:
        raise Refused("{name} is no sound copy of a Mulin database. Use another backup.", name=path.name)
    schema.require_known(version[0])
    return key


def _key(copy: sqlite3.Connection) -> str:
    if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone():
        return ""
    return str((copy.execute("SELECT value FROM fact WHERE name = ?", (facts.KEY,)).fetchone() or ("",))[0])


def load(url: URL, path: Path, _new_path: Callable[[], Path]) -> Path:
    """Put the copy at ``path`` in the place of the database; returns where the old one is kept, beside it."""
    target = _file(url)
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    shutil.copyfile(path, private_files.touch(fresh))
    _flush(fresh)
    kept = target.with_name(f"{target.name}.before-{path.stem}")
    while kept.exists():
        kept = kept.with_name(f"{kept.name}+")
    if target.exists():
        require_alone(url)
        _keep(target, kept)
    fresh.replace(target)
    return kept


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def require_alone(url: URL) -> None:
    """Raise Refused while anybody else is connected.

    It folds the write-ahead log into the file, for which SQLite needs the file alone.
    """
    try:
        with closing(sqlite3.connect(_file(url), timeout=2)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Refused("The program is still running. Stop it first.") from None
    except sqlite3.DatabaseError:
        return  # The present file is damaged, which may be why somebody restores: it is kept as it is.


def _keep(target: Path, kept: Path) -> None:
    """Give the old database a second name, so that its own name never points to nothing."""
    try:
        os.link(target, kept)
    except OSError:
        shutil.copy2(target, kept)
    private_files.touch(kept)
    for ending in ("-wal", "-shm"):
        left = target.with_name(target.name + ending)
        if left.exists():
            left.replace(kept.with_name(kept.name + ending))
