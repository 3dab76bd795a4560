from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, col, create_engine, func, select

from models.matter import Matter
from models.matter_count import MatterCount
from models.place import Place
from services import audit, choices, db, issues, schema, verify, workflow
from services.errors import Refused
from services.permissions import Actor


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


def test_an_older_database_keeps_its_matters_and_gets_its_steps_counted(
    database: str, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    staff = actor("staff")
    wanted = issues.NewIssue(title="Lamp out", area_id=place.area_id, category="01037")
    matter = issues.create(session, staff, wanted)
    matter = workflow.move(session, staff, matter.number, "accept", matter.version, {"category": "01037"})
    unit = next(iter(choices.units(session, matter)))
    matter = workflow.move(session, staff, matter.number, "dispatch", matter.version, {"unit": unit})
    number, head = matter.number, matter.head
    session.commit()
    _leave_at_0001(session)
    session.close()
    schema.upgrade(database)
    found = session.exec(select(Matter).where(Matter.number == number)).one()
    assert (found.head, found.dispatches, found.returns, found.reworks) == (head, 1, 0, 0)
    assert verify.verify(session).found == 0
    found.is_open = False
    session.flush()
    closed = session.exec(select(func.sum(MatterCount.n)).where(col(MatterCount.is_open).is_(False))).one()
    assert closed == 1, "the triggers that count must be there again"


def _leave_at_0001(session: Session) -> None:
    """Take away what 0002 brought: the shape an office that began with the first version has."""
    new = ("source_digest", "import_id", "time_left", "dispatches", "returns", "reworks", "repeats_id")
    lite = session.get_bind().dialect.name == "sqlite"
    with db.engine().connect() as connection:
        if lite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        with Operations(context).batch_alter_table("matter") as batch:
            for index in ("ix_matter_import", "ix_matter_repeats_id"):
                batch.drop_index(index)
            for column in new:
                batch.drop_column(column)
        for table in ("import_change", "follow_up", "import_batch", "saved_mapping", "local_category", "category_word"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        connection.commit()
