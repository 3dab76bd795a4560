import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, col, create_engine, func, select

from models.matter import THINGS, Matter, bit
from models.matter_count import MatterCount
from services.keep import verify
from services.rights import audit
from services.system import db, schema
from services.system.errors import Refused


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with db.engine(database).connect() as opened:
        yield opened


def test_migrations_and_models_describe_the_same_tables(connection: Connection) -> None:
    assert schema.differences(connection) == [], "Run: make migration m='what changed', then read the new file."


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_migrated_sqlite_has_the_checks_and_indexes_of_the_models(connection: Connection) -> None:
    made = _definitions(connection)
    fresh = create_engine("sqlite://")
    SQLModel.metadata.create_all(fresh)
    with fresh.connect() as other:
        assert made == _definitions(other)
    fresh.dispose()


# A column that was added in place stands on the line of the one before.
_COLUMN = r"[a-z_]+ [A-Z]+(?: DEFAULT '0' NOT NULL)?, ?"
_LINES = re.compile(rf"\n|(?<=[A-Z\d)]), (?={_COLUMN}(?:$|[a-z_]+ [A-Z]))", re.MULTILINE)


def _definitions(connection: Connection) -> dict[str, list[str]]:
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'trigger'"))
    return {
        name: sorted(part.strip(" ,\t") for part in _LINES.split(sql.replace(f'"{name}"', name)))
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


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_event_log_cannot_be_truncated(session: Session) -> None:
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


def test_an_older_database_keeps_its_matters_and_gets_its_steps_counted(database: str, session: Session) -> None:
    _empty(database, session)
    with schema._migrating(database) as connection:
        command.upgrade(schema._config(connection), "0001")
        for statement in _OLD:
            connection.execute(text(statement))
    schema.upgrade(database)
    found = session.exec(select(Matter)).one()
    assert (found.number, found.head, found.version) == ("CL-2026-000001", "head", 3)
    assert (found.dispatches, found.returns, found.reworks) == (2, 1, 0)
    assert session.exec(select(func.sum(MatterCount.n))).one() == 1
    found.is_open = False
    session.flush()
    closed = session.exec(select(func.sum(MatterCount.n)).where(col(MatterCount.is_open).is_(False))).one()
    assert closed == 1, "the triggers that count must be there again"


def test_an_older_database_learns_what_its_ledgers_recorded(database: str, session: Session) -> None:
    _empty(database, session)
    with schema._migrating(database) as connection:
        command.upgrade(schema._config(connection), "0003")
        for statement in (_OLD[0], *_IMPORTED):
            connection.execute(text(statement.replace(":", "\\:")))
    schema.upgrade(database)
    found = {matter.id: matter.unrecorded for matter in session.exec(select(Matter))}
    everything = sum(map(bit, THINGS))
    told = everything - bit("ending") - bit("hold") - bit("duration")
    # The first began here, the second came by the first import, the third by it and again by one that says more; of
    # the last import nobody knows how its columns were read.
    assert found == {1: 0, 2: told, 3: told - bit("rework"), 4: everything}
    assert session.exec(select(func.sum(MatterCount.n))).one() == 4
    assert verify.verify(session).problems != []
    assert not [problem for problem in verify.verify(session).problems if problem.kind == "count"]


_COLUMNS = '"columns": {"status": ["S"], "closed": ["C"]%s, "due": []}'
_IMPORTED = (
    *(
        "INSERT INTO import_batch (id, kind, file, digest, mapping, options, at, actor, rows, new, changed, unchanged,"
        f" refused) VALUES ({at}, 'matters', 'f', 'd', '', {options}, '2026-01-01 00:00:00', 'A', 1, 1, 0, 0, 0)"
        for at, options in (
            (1, "'{" + _COLUMNS % "" + "}'"),
            (2, "'{" + _COLUMNS % ', "reworks": ["R"]' + "}'"),
            (3, "NULL"),
        )
    ),
    *(
        "INSERT INTO matter (id, number, flow, state, is_open, title, description, source, area_id, location,"
        " opened_at, opened_month, dispatches, returns, reworks, public, sample, version, events, head, import_id)"
        f" VALUES ({at}, 'CL-2026-00000{at}', 'issue', 'closed', FALSE, 'Lamp', '', 'import', 1, '', '2026-01-01',"
        f" 24312, 0, 0, 0, FALSE, FALSE, 1, 1, 'head', {batch})"
        for at, batch in ((1, "NULL"), (2, 1), (3, 1), (4, 3))
    ),
    "INSERT INTO import_change (id, batch_id, kind, row_id, before) VALUES (1, 2, 'matter', 3, '{}')",
)
_OLD = (
    "INSERT INTO area (id, code, name, level, path, schematic, sample) VALUES (1, 'A', 'A', 'grid', 'A/', TRUE, FALSE)",
    (
        "INSERT INTO matter (id, number, flow, state, is_open, title, description, source, area_id, location,"
        " opened_at, opened_month, public, sample, version, events, head) VALUES (1, 'CL-2026-000001', 'issue',"
        " 'dispatched', TRUE, 'Lamp', '', 'staff', 1, '', '2026-01-01 00:00:00', 24312, FALSE, FALSE, 3, 3, 'head')"
    ),
    *(
        "INSERT INTO event (id, matter_id, seq, at, actor, action, note, digest)"
        f" VALUES ({seq}, 1, {seq}, '2026-01-01 00:00:00', 'A', '{action}', '', '')"
        for seq, action in enumerate(("dispatch", "send_back", "dispatch"), 1)
    ),
)


def _empty(database: str, session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP SCHEMA public CASCADE"))
        session.execute(text("CREATE SCHEMA public"))
        session.commit()
        return
    session.close()
    db.forget()
    path = Path(str(make_url(database).database))
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    session.bind = db.engine(database)
