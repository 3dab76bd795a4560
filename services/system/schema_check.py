"""Schema check: whether the database is what its version number says, object by object; and how to go on if not."""

import re
import time

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from services.system import database_faults, schema, schema_objects
from services.system.errors import Refused, listed

_UNEQUAL = listed(
    "The schema of this database is not the one of version {version}: {what} It was made by a program that was never"
    " released, or changed by hand; nothing was changed now. Restore the newest sound backup; or take everything out"
    " with the program that wrote it (python manage.py export all FILE) and put it into a new database (python"
    " manage.py import all FILE)."
)
# What was found equal, by the number SQLite counts up at each change of a schema; on PostgreSQL, by the minute.
_EQUAL: set[tuple[str, int]] = set()


def upgrade() -> None:
    """Bring the configured database to the newest schema; refused, with nothing changed, where it then isn't that."""
    try:
        schema.upgrade(check=require_equal)
    except DBAPIError as fault:
        reason = str(fault.orig).strip().partition("\n")[0]
        if database_faults.kind(fault) == "schema" or re.search("already exists|duplicate|does not exist", reason):
            raise Refused(_UNEQUAL, version=schema.head(), what=f"{reason}.") from fault
        raise


def require_equal(connection: Connection) -> None:
    """Raise Refused, with the first few differences, unless the schema is the one of this version."""
    found = list(schema_objects.faults(connection))
    if found:
        told = " ".join(message.format(**params) for _, message, params in found[:3])
        raise Refused(_UNEQUAL, version=schema.head(), what=told)


def require_still_equal(session: Session) -> None:
    """As ``require_equal``, and at once as long as nobody changed the schema since it was found equal."""
    connection = session.connection()
    known = (str(connection.engine.url), _state(connection))
    if known not in _EQUAL:
        require_equal(connection)
        _EQUAL.clear()
        _EQUAL.add(known)


def _state(connection: Connection) -> int:
    if connection.dialect.name != "sqlite":
        return int(time.monotonic() // 60)
    return int(connection.exec_driver_sql("PRAGMA schema_version").scalar() or 0)
