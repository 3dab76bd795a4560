"""What a disk or a hand does to the file below the rows: it is told in sentences, wherever it falls."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url, text
from sqlmodel import Session

from models.place import Place
from services.flows.issue import issues
from services.keep import inspection, settling
from services.keep.problems import Problem
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db, schema_catalogue

_SEEDS = range(16)
# What no chain, seal, count or index says anything of: data/seals.csv.
_UNSEALED = frozenset({"category_word", "sign_in"})


def _found(session: Session) -> list[Problem]:
    return inspection.inspect(session).problems


def _kinds(session: Session) -> list[tuple[str, str]]:
    return [(problem.kind, problem.number) for problem in _found(session)]


@pytest.mark.usefixtures("demo")
def test_a_sound_database_has_no_problem(session: Session) -> None:
    assert _found(session) == []


_TRIGGERS = {
    "sqlite": ["event_no_delete", "audit_line_no_replace", "posting_no_update", "matter_counted_in"],
    "postgresql": ["event_no_deletion ON event", "audit_line_append_only ON audit_line", "matter_counted ON matter"],
}


@pytest.mark.usefixtures("place")
def test_a_trigger_that_was_dropped_is_named(session: Session) -> None:
    names = _TRIGGERS[session.get_bind().dialect.name]
    for name in names:
        session.execute(text(f"DROP TRIGGER {name}"))
    assert sorted(_kinds(session)) == sorted(("schema", name.split()[0]) for name in names)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"),
        (
            "CREATE OR REPLACE TRIGGER event_append_only BEFORE TRUNCATE ON event"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ),
        "CREATE TRIGGER mine AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        "DROP INDEX ix_matter_opened",
        "ALTER TABLE matter DROP CONSTRAINT ck_matter_title_present",
        "ALTER TABLE matter ADD COLUMN secret text",
        "CREATE VIEW mine AS SELECT title FROM matter",
        "CREATE FUNCTION length(character varying) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE RULE mine AS ON DELETE TO answer DO INSTEAD NOTHING",
        "CREATE POLICY mine ON matter USING (true)",
        "ALTER TABLE answer ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE answer FORCE ROW LEVEL SECURITY",
        "ALTER TABLE attempt SET UNLOGGED",
        "ALTER TABLE answer DROP CONSTRAINT pk_answer",
        "ALTER TABLE answer DISABLE TRIGGER ALL",
        "ALTER TABLE matter ADD CONSTRAINT mine CHECK (title <> 'x')",
        (
            "ALTER TABLE matter DROP CONSTRAINT ck_matter_title_length;"
            " ALTER TABLE matter ADD CONSTRAINT ck_matter_title_length CHECK (true)"
        ),
        (
            "ALTER TABLE meeting DROP CONSTRAINT fk_meeting_matter_id_matter; ALTER TABLE meeting ADD CONSTRAINT"
            " fk_meeting_matter_id_matter FOREIGN KEY (matter_id) REFERENCES matter (id) NOT VALID"
        ),
        (
            "DROP INDEX ix_matter_open;"
            " CREATE INDEX ix_matter_open ON matter (area_id, flow, state, due_at) WHERE is_open AND false"
        ),
    ],
)
def test_what_is_otherwise_on_postgresql_is_named(session: Session, statement: str) -> None:
    session.execute(text(statement))
    assert {kind for kind, _ in _kinds(session)} == {"schema"}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("whose", ["DATABASE {database}", "ROLE CURRENT_USER IN DATABASE {database}"])
def test_a_setting_that_stops_all_triggers_is_named(session: Session, whose: str) -> None:
    """It changes no trigger; from the next connection on none of them runs."""
    name = session.get_bind().engine.url.database
    session.execute(text(f"ALTER {whose.format(database=name)} SET session_replication_role = 'replica'"))
    assert _kinds(session) == [("schema", "session_replication_role")]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_where_no_schema_may_be_made_the_rest_is_compared_all_the_same(session: Session) -> None:
    """A role may own the tables and nothing else: what the models say is compared, and nothing is refused."""
    schema_catalogue._expected.cache_clear()
    name = session.get_bind().engine.url.database
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            schema_catalogue, "_MAY", "SELECT has_database_privilege('pg_monitor', current_database(), 'CREATE')"
        )
        assert _kinds(session) == [], name
        session.execute(text("DROP INDEX ix_matter_opened"))
        assert {kind for kind, _ in _kinds(session)} == {"schema"}
    schema_catalogue._expected.cache_clear()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("CREATE TRIGGER mine AFTER INSERT ON event BEGIN DELETE FROM sign_in; END", "mine"),
        ("DROP INDEX ix_matter_opened", "ix_matter_opened"),
        ("CREATE VIEW mine AS SELECT * FROM account", "mine"),
        ("ALTER TABLE matter ADD COLUMN secret TEXT", "matter"),
        ("DROP TRIGGER event_no_update", "event_no_update"),
    ],
)
def test_what_is_otherwise_on_sqlite_is_named(session: Session, statement: str, name: str) -> None:
    session.execute(text(statement))
    assert _kinds(session) == [("schema", name)]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM matter_text",
        "DELETE FROM matter_text WHERE rowid = (SELECT min(id) + 3 FROM matter)",
        "UPDATE matter SET title = 'another' WHERE id = (SELECT min(id) + 3 FROM matter)",
    ],
)
def test_a_search_index_that_does_not_say_what_the_matters_say_is_named(session: Session, statement: str) -> None:
    session.execute(text(statement))
    assert "search" in {kind for kind, _ in _kinds(session)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("demo")
def test_terms_that_lead_elsewhere_are_found_though_every_entry_reads_well(session: Session) -> None:
    """Somebody indexes another text under the same row, and puts the entry back as it was."""
    row, terms = session.execute(text("SELECT rowid, terms FROM matter_text ORDER BY rowid LIMIT 1")).one()
    session.execute(text("UPDATE matter_text SET terms = 'xx yy' WHERE rowid = :row"), {"row": row})
    session.execute(text("UPDATE matter_text_content SET c0 = :terms WHERE id = :row"), {"row": row, "terms": terms})
    assert ("search", "search") in _kinds(session)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "statement", ["DELETE FROM matter_text_idx", "UPDATE matter_text_idx SET pgno = 4 WHERE pgno > 4"]
)
def test_an_index_that_reads_well_but_finds_nothing_is_named(session: Session, statement: str) -> None:
    """Read from end to end, it says what it must; a search goes by the list of pages, and finds another one."""
    session.execute(text(statement))
    assert ("search", "search") in _kinds(session)


@pytest.fixture
def file(
    database: str, session: Session, place: Place, tmp_path: Path, actor: Callable[[str], Actor]
) -> Iterator[Path]:
    """The file of a small database at rest, and a copy of it as it was."""
    secretary = actor("secretary")
    session.close()
    settling.settle()
    with db.writing() as session:
        for number in range(40):
            entered = issues.NewIssue(title=f"broken lamp {number}", area_id=place.area_id, description="dark " * 20)
            issues.create(session, secretary, entered)
    with db.writing() as session:
        audit.write(session, "tester", "test")
    db.forget()
    path = Path(make_url(database).database or "")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    shutil.copy(path, tmp_path / "sound")
    yield path
    db.forget()


def _rows(path: Path) -> dict[str, object]:
    """All that can be read of a file, byte by byte."""
    found: dict[str, object] = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            rows = connection.execute(f'SELECT * FROM "{name.decode()}"').fetchall()
            found[name.decode()] = [row for row in rows if not name.startswith(b"matter_") or any(row[-10:])]
        found["schema"] = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["sqlite_mine", "sqlite_autoindex_mine", "sqlite_stat5"])
def test_a_trigger_under_a_name_that_sqlite_keeps_for_itself_is_named(file: Path, name: str) -> None:
    made = f"CREATE TRIGGER {name} AFTER INSERT ON tally BEGIN UPDATE tally SET votes = 0 WHERE id = NEW.id; END"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES ('trigger', ?, 'tally', 0, ?)", (name, made))
    with db.reading() as session:
        assert ("schema", name) in _kinds(session)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_spoiled_byte_anywhere_is_told_or_lies_where_nothing_is(file: Path, tmp_path: Path) -> None:
    sound, told = _rows(tmp_path / "sound"), 0
    for seed in _SEEDS:
        _spoil(file, tmp_path / "sound", Random(seed), 1)
        with db.reading() as session:
            found = _found(session)
        db.forget()
        if found:
            told += 1
            continue
        now = _rows(file)
        differ = {name for name in sound if sound[name] != now.get(name)}
        assert differ <= _UNSEALED, f"seed {seed}: nothing was told of {differ}"
    assert told, "no byte of any record was hit"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_spoiled_page_anywhere_is_a_sentence(file: Path, tmp_path: Path) -> None:
    for seed in _SEEDS:
        _spoil(file, tmp_path / "sound", Random(seed), 512)
        with db.reading() as session:
            found = _found(session)
        db.forget()
        assert found or _rows(file) == _rows(tmp_path / "sound"), f"seed {seed}"
        assert all("Traceback" not in str(problem.params) for problem in found)


def _spoil(path: Path, sound: Path, chance: Random, count: int) -> None:
    shutil.copy(sound, path)
    # The first hundred bytes are the header: without it this is no database, which a start says.
    at = chance.randrange(100, path.stat().st_size - count)
    with path.open("r+b") as spoiled:
        spoiled.seek(at)
        was = spoiled.read(count)
        spoiled.seek(at)
        spoiled.write(bytes(byte ^ (1 << chance.randrange(8)) for byte in was))
