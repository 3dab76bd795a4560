"""File damage: pages that a disk or a hand has spoiled, as the database finds them, before any row is believed."""

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import SQLModel

from services.system import db
from services.system.errors import listed

_TOLD = 100
# Asking the text index about itself holds up whoever writes: only while that takes no second.
_SMALL = 100_000

_DAMAGED = listed(
    "The file of the database is damaged: {what}. Stop the program, keep a copy of the file, and restore the newest"
    " backup that verifies."
)
_INDEX = listed("The search index is damaged inside. Build it anew: python manage.py reindex")
_CHECKSUMS = listed("PostgreSQL counted {count} pages whose checksum is wrong. Restore the newest backup.")
_UNREADABLE = listed("The table {name} can't be read: {what}. Restore the newest backup that verifies.")

Found = tuple[str, str, dict[str, object]]


def found(connection: Connection) -> Iterator[Found]:
    """Where the damage is, and the sentence with its values; nothing where the database finds itself sound."""
    yield from _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)


def _sqlite(connection: Connection) -> Iterator[Found]:
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_TOLD})").all():
        if said != "ok":
            yield "file", _DAMAGED, {"what": " ".join(str(said).split())[:200]}
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_TOLD):
        yield "file", _DAMAGED, {"what": f"{table} {row} -> {parent}"}
    if _matters(connection) <= _SMALL and not _sound_index(connection):
        yield "matter_text", _INDEX, {}


def _matters(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM matter").scalar_one())


def _sound_index(connection: Connection) -> bool:
    """Ask FTS5 itself, on a connection of its own: the question counts as writing, and is taken back."""
    asked = "INSERT INTO matter_text(matter_text, rank) VALUES ('integrity-check', 1)"
    with connection.engine.connect().execution_options(patience=db.HURRY) as other:
        try:
            other.exec_driver_sql(asked)
        except OperationalError as busy:
            return "locked" in str(busy)  # Somebody writes just now; what each term says is compared all the same.
        except DatabaseError:
            return False
        finally:
            other.rollback()
    return True


def _postgresql(connection: Connection) -> Iterator[Found]:
    failures = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    if count := connection.execute(text(failures)).scalar():
        yield "file", _CHECKSUMS, {"count": count}
    for table in SQLModel.metadata.sorted_tables:
        # Every column of every row is read, so that every page is.
        yield from _asked(connection, table.name, f'SELECT sum(hashtext(t::text)::bigint) FROM "{table.name}" AS t')
    if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")).scalar():
        yield from _indexes(connection)


def _indexes(connection: Connection) -> Iterator[Found]:
    query = (
        "SELECT c.oid::bigint, c.relname FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE a.amname = 'btree' AND c.relkind = 'i' AND n.nspname = current_schema() ORDER BY c.relname"
    )
    for oid, name in connection.execute(text(query)).all():
        yield from _asked(connection, name, f"SELECT bt_index_check({int(oid)}::regclass, true)")


def _asked(connection: Connection, name: str, query: str) -> Iterator[Found]:
    try:
        with connection.begin_nested():
            connection.execute(text(query)).all()
    except DatabaseError as error:
        yield name, _UNREADABLE, {"name": name, "what": str(error.orig).strip().partition("\n")[0][:200]}
