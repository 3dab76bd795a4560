"""Schema objects: tables, columns, indexes, checks and triggers that are missing, changed, or not the program's own.

SQLite keeps each as its own statement, so a database made anew says what each must be. PostgreSQL is asked for what the
models and the migrations say, and for what its catalogue says of a schema made anew (``schema_catalogue``).
"""

import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import CheckConstraint, Connection, text
from sqlmodel import SQLModel

from migrations import guards
from services.system import db, schema, schema_catalogue
from services.system.errors import listed

Found = tuple[str, str, dict[str, object]]

_MISSING = listed("The {kind} {name} of the database is missing: it was removed.")
_CHANGED = listed("The {kind} {name} of the database was changed.")
_STRANGE = listed("The {kind} {name} of the database is not the program's: it was added.")
_DIFFERS = listed("The schema differs from this version's: {what}.")

_HOW = {"missing": _MISSING, "changed": _CHANGED, "strange": _STRANGE}
_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_TRIGGERS = """
SELECT pg_get_triggerdef(t.oid), t.tgenabled, p.proname, p.prosrc FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND n.nspname = current_schema()
"""
_CHECKS = """
SELECT conname, convalidated FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = k.connamespace
WHERE k.contype = 'c' AND n.nspname = current_schema()
"""
_BROKEN = """
SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT i.indisvalid
"""


def faults(connection: Connection) -> Iterator[Found]:
    """The name of each object that is not as it must be, and the sentence with its values."""
    if connection.dialect.name == "sqlite":
        yield from _compare(dict(_expected()), _objects(connection))
        return
    told = set()
    for name, message, params in _postgresql(connection):
        told.add(name)
        yield name, message, params
    for kind, name, how in schema_catalogue.differences(connection):
        if name.rpartition(".")[2] not in told:
            yield name, _HOW[how], {"kind": kind, "name": name}


def _postgresql(connection: Connection) -> Iterator[Found]:
    for difference in schema.differences(connection):
        yield "schema", _DIFFERS, {"what": _plain(repr(difference))[:200]}
    yield from _triggers(connection)
    yield from _checks(connection)
    for (name,) in connection.execute(text(_BROKEN)):
        yield name, _CHANGED, {"kind": "index", "name": name}


# What SQLite makes for itself. Whoever writes into its schema by hand may call anything else so.
_OWN = {("table", "sqlite_sequence"), *(("table", f"sqlite_stat{number}") for number in (1, 3, 4))}
# A column that was added in place stands on the line of the one before.
_LINES = re.compile(r"\n|(?<=[A-Z\d)]), (?=[a-z_]+ [A-Z]+, ?$)", re.MULTILINE)
_Objects = dict[tuple[str, str], str]


def _compare(wanted: _Objects, found: _Objects) -> Iterator[Found]:
    for (kind, name), told in sorted(wanted.items()):
        if (kind, name) not in found:
            yield name, _MISSING, {"kind": kind, "name": name}
        elif found[kind, name] != told:
            yield name, _CHANGED, {"kind": kind, "name": name}
    for kind, name in sorted(found.keys() - wanted.keys()):
        yield name, _STRANGE, {"kind": kind, "name": name}


@lru_cache(maxsize=1)
def _expected() -> tuple[tuple[tuple[str, str], str], ...]:
    """What a database made anew by the migrations holds."""
    with tempfile.TemporaryDirectory(prefix="mulin-") as folder:
        url = f"sqlite:///{folder}/anew.db"
        schema.upgrade(url)
        with db.engine(url).connect() as connection:
            found = _objects(connection)
        db.forget(url)
    return tuple(found.items())


def _objects(connection: Connection) -> _Objects:
    rows = connection.execute(text(_OBJECTS)).all()
    return {(kind, name): _plain(sql) for kind, name, sql in rows if (kind, name) not in _OWN}


def _plain(sql: str) -> str:
    """``sql`` without what rebuilding a table does to it: quotation marks, blanks, and the order of its lines."""
    lines = (" ".join(line.split()).strip(" ,") for line in _LINES.split(sql.replace('"', "")))
    return "\n".join(sorted(filter(None, lines)))


def _triggers(connection: Connection) -> Iterator[Found]:
    wanted = {one.name: one for one in guards.expected()}
    found = {}
    for statement, enabled, function, body in connection.execute(text(_TRIGGERS)):
        one = guards.guard(statement, {function: guards.plain(body)})
        found[one.name] = one if enabled in ("O", b"O") else None
    for name in sorted(wanted.keys() | found.keys()):
        told: dict[str, object] = {"kind": "trigger", "name": name}
        if name not in found:
            yield name, _MISSING, told
        elif name not in wanted:
            yield name, _STRANGE, told
        elif found[name] != wanted[name]:
            yield name, _CHANGED, told


def _checks(connection: Connection) -> Iterator[Found]:
    there = {row.conname: row.convalidated for row in connection.execute(text(_CHECKS))}
    tables = SQLModel.metadata.tables.values()
    checks = [one for table in tables for one in table.constraints if isinstance(one, CheckConstraint)]
    wanted = {str(one.name) for one in checks}
    for name in sorted(wanted - there.keys()):
        yield name, _MISSING, {"kind": "check", "name": name}
    for name in sorted(name for name, valid in there.items() if not valid):
        yield name, _CHANGED, {"kind": "check", "name": name}
