from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, create_engine

from services import audit, db, schema
from services.errors import Refused


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with db.engine(database).connect() as opened:
        yield opened


def test_migrations_and_models_describe_the_same_tables(connection: Connection) -> None:
    assert schema.differences(connection) == [], "Run: make migration m='what changed', then read the new file."


def test_migrated_sqlite_has_the_checks_and_indexes_of_the_models(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        pytest.skip("reads sqlite_master")
    made = _definitions(connection)
    fresh = create_engine("sqlite://")
    SQLModel.metadata.create_all(fresh)
    with fresh.connect() as other:
        assert made == _definitions(other)
    fresh.dispose()


def _definitions(connection: Connection) -> dict[str, list[str]]:
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'trigger'"))
    return {
        name: sorted(part.strip(" ,") for part in sql.replace(f'"{name}"', name).splitlines())
        for name, sql in found
        if not name.startswith(("alembic", "matter_text"))
    }


def test_upgrade_again_changes_nothing(database: str, session: Session) -> None:
    schema.upgrade(database)
    assert schema.at_head(session)


def test_an_empty_database_is_not_at_head(session: Session) -> None:
    session.execute(text("DROP TABLE alembic_version"))
    assert schema.current(session) is None
    with pytest.raises(Refused, match=r"manage\.py init"):
        schema.require_head(session)


@pytest.mark.parametrize("statement", ["UPDATE audit_line SET actor = 'x'", "DELETE FROM audit_line"])
def test_an_audit_line_can_neither_be_changed_nor_deleted(session: Session, statement: str) -> None:
    audit.write(session, "tester", "test")
    with pytest.raises(DatabaseError, match="audit_line is append-only"):
        session.execute(text(statement))


def test_the_event_log_cannot_be_truncated(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="event is append-only"):
        session.execute(text("TRUNCATE event"))


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", lambda config, _to: half(config.attributes["connection"]))
    with pytest.raises(RuntimeError, match="power cut"):
        schema.upgrade(database)
    with pytest.raises(DatabaseError):
        session.execute(text("SELECT * FROM half_done"))
