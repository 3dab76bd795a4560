"""Upgrade: a database of each released schema, as the program of its day wrote it, becomes one of this version whole.

``released`` holds its rows. The schema itself is made by the released migrations, which are never edited.
"""

import gzip
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.faults import checking
from benchmarks.faults.outcome import Outcome
from services.system import agreement, db, schema, schema_check
from services.system.errors import Refused

RELEASED = Path(__file__).with_name("released")
# What the stored records are sealed with, and another one.
KEY = "b1f5c07d3a9e48621d7c50fe93ab2846e0d7195c"
_OTHER = "9d" * 20
# From here on a database knows the key it was sealed with.
_AGREED = "0005"

Use = Callable[[str, str], None]


def versions() -> list[str]:
    """The released schemas of which a database is stored."""
    return sorted(path.name.partition(".")[0] for path in RELEASED.glob("*.sql.gz"))


def each(folder: Path, use: Use, only: list[str] | None = None) -> Iterator[Outcome]:
    """Upgrade the stored databases; ``use(url, key)`` lets the process work on one of them with a key."""
    for version in only or versions():
        url = f"sqlite:///{folder / version}.db"
        use(url, KEY)
        found = Outcome("upgrade", "sqlite", f"from schema {version}", times=1)
        began = time.monotonic()
        numbers = _older(url, version, folder / f"{version}.db")
        _upgrade(found, numbers)
        found.longest = time.monotonic() - began
        if version >= _AGREED:
            _refuse_another_key(found, url, use)
        _refuse_a_newer_schema(found)
        db.forget()
        yield found


def _older(url: str, version: str, file: Path) -> dict[str, int]:
    """A database as it was then; the events of each of its matters."""
    schema.upgrade(url, version)
    db.forget()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(gzip.decompress((RELEASED / f"{version}.sql.gz").read_bytes()).decode())
        asked = "SELECT number, count(*) FROM event JOIN matter ON matter.id = matter_id GROUP BY number"
        return dict(connection.execute(asked).fetchall())


def _upgrade(found: Outcome, numbers: dict[str, int]) -> None:
    schema.upgrade(check=schema_check.require_equal)
    with db.reading() as session:
        found.wrong += [f"differs: {one}" for one in schema.differences(session.connection())]
    found.acknowledged = sum(numbers.values())
    found.lost = checking.fewer_events(numbers)
    found.half = checking.half_written()


def _refuse_another_key(found: Outcome, url: str, use: Use) -> None:
    use(url, _OTHER)
    with db.reading() as session:
        found.wrong += _taken("another key is taken", lambda: agreement.require(session))
    use(url, KEY)


def _refuse_a_newer_schema(found: Outcome) -> None:
    with db.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    found.wrong += _taken("a newer schema is taken", schema_check.upgrade)


def _taken(what: str, act: Callable[[], None]) -> list[str]:
    try:
        act()
    except Refused:
        return []
    return [what]
