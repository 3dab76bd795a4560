"""What was released is never edited: there are databases out there that were made by it.

A change to a table, a trigger or the search index is a new migration, with new statements in files of its own. Its own
two lines are added to ``released.sha256`` when it is released: ``python -m tests.services.system.test_released``.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from services.system import db, schema, schema_objects
from services.system.settings import ROOT

_KEPT = Path(__file__).with_name("released.sha256")
# What the migrations import. Of the search index only what it makes is released; how it is read may change.
_SHARED = ("append_only.py", "counting.py")


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()


def _files() -> Iterator[tuple[str, str]]:
    folder = ROOT / "migrations"
    for path in sorted([*(folder / "versions").glob("0*.py"), *(folder / name for name in _SHARED)]):
        yield str(path.relative_to(ROOT)), _digest(path.read_text(encoding="utf-8"))


def _schemas() -> Iterator[tuple[str, str]]:
    """What SQLite holds after each migration; a table that is rebuilt has its lines in any order."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/released.db"
        for version in sorted(schema._known()):
            schema.upgrade(url, version)
            with db.engine(url).connect() as connection:
                found = schema_objects._objects(connection)
            yield f"schema {version}", _digest(repr(sorted(found.items())))
        db.forget(url)


def _present() -> dict[str, str]:
    return {**dict(_files()), **dict(_schemas())}


def test_no_released_migration_was_edited() -> None:
    lines = (line.partition("  ") for line in _KEPT.read_text(encoding="utf-8").splitlines())
    kept = {name: digest for digest, _, name in lines}
    present = _present()
    changed = [name for name, digest in kept.items() if present.get(name) != digest]
    assert not changed, f"These were released and must stay as they are; write a new migration: {changed}"


if __name__ == "__main__":
    _KEPT.write_text("".join(f"{digest}  {name}\n" for name, digest in _present().items()), encoding="utf-8")
