"""Any cell of any table that people read: whoever changes it beside the program is found, whatever the column."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import JSON, select, text
from sqlalchemy.dialects import sqlite

import services.registry  # noqa: F401
from services.keep.verify import verify
from services.system.data_files import rows
from services.system.seals.tables import every, exceptions
from services.words import vocabulary
from tests.services.keep.tampering import Tamperer, quoted, tables

_NAMES = [table.name for table in tables()]


@pytest.fixture
def one_of_each(database: str) -> str:
    """The URL of a database with a row in every table."""
    return database


@pytest.fixture
def tamperer(one_of_each: str) -> Iterator[Tamperer]:
    assert one_of_each
    made = Tamperer()
    assert verify(made.session).problems == []
    yield made
    made.close()


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("name", _NAMES)
def test_a_changed_cell_is_found_unless_it_is_listed_with_its_reason(tamperer: Tamperer, name: str) -> None:
    """A new column is sealed by itself; one that is neither found nor listed fails here, and one listed for nothing."""
    [table] = [table for table in tables() if table.name == name]
    silent = set()
    for column in table.c:
        for at, _old, new in tamperer.cells(column):
            change = f'UPDATE "{name}" SET {column.name} = {quoted(new)} WHERE {at}'
            if not tamperer.found_after(change).found:
                silent.add(column.name)
    assert silent == _excepted(name)


def _excepted(name: str) -> set[str]:
    [table] = [table for table in tables() if table.name == name]
    how = exceptions()
    return {column.name for column in table.c if "unproved" in (how.get((name, "*")), how.get((name, column.name)))}


@pytest.mark.parametrize("name", _NAMES)
def test_a_row_that_went_or_came_is_found(tamperer: Tamperer, name: str) -> None:
    [table] = [table for table in tables() if table.name == name]
    how = exceptions().get((name, "*"))
    if how == "unproved":
        return
    where = "WHERE n > 0" if "n" in table.c else ""
    keys = ", ".join(key.name for key in table.primary_key.columns)
    gone = f'DELETE FROM "{name}" WHERE ({keys}) IN (SELECT {keys} FROM "{name}" {where} ORDER BY {keys} DESC LIMIT 1)'
    assert tamperer.found_after(gone).found
    assert tamperer.found_after(f'DELETE FROM "{name}"').found
    assert tamperer.found_after(tamperer.copied(table)).found


# A value that is read like the one before it, and is found, counted and ordered in another way.
_ALIKE = {
    "BOOLEAN": lambda column: f"CASE WHEN {column} THEN 2 END",
    "INTEGER": lambda column: f"{column} + 0.5",
    "DATETIME": lambda column: f"replace({column}, ' ', 'T')",
    "DATE": lambda column: f"replace({column}, '-', '')",
}


@pytest.mark.parametrize("name", _NAMES)
def test_a_cell_that_is_read_alike_but_held_otherwise_is_found(tamperer: Tamperer, name: str) -> None:
    [table] = [table for table in tables() if table.name == name]
    kinds = {column.name: str(column.type.compile(dialect=sqlite.dialect())) for column in table.c}
    for column in (one for one in table.c if kinds[one.name] in _ALIKE and not one.primary_key):
        alike = _ALIKE[kinds[column.name]](column.name)
        if not tamperer.session.execute(text(f'SELECT 1 FROM "{name}" WHERE {alike} <> {column.name}')).first():
            continue
        change = f'UPDATE "{name}" SET {column.name} = {alike} WHERE {alike} <> {column.name}'
        assert tamperer.found_after(change).found, column


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("first", [True, False])
def test_a_name_that_stands_twice_in_a_cell_is_found(tamperer: Tamperer, name: str, first: bool) -> None:
    """The program reads the last of the two, a filter of the database the first."""
    [table] = [table for table in tables() if table.name == name]
    for column in (one for one in table.c if isinstance(one.type, JSON)):
        query = f'SELECT {column.name} FROM "{name}" WHERE {column.name} LIKE \'{{"%\''
        if held := tamperer.session.execute(text(query)).scalar():
            member = f"{json.dumps(next(iter(json.loads(held))))}:0"
            twice = f"{{{member},{held[1:]}" if first else f"{held[:-1]},{member}}}"
            change = f'UPDATE "{name}" SET {column.name} = {quoted(twice)} WHERE {column.name} = {quoted(held)}'
            assert tamperer.found_after(change).found, column


def test_a_forged_number_takes_neither_all_memory_nor_all_day(tamperer: Tamperer) -> None:
    for last in (10**13, -5):
        assert tamperer.found_after(f"UPDATE serial SET last = {last} WHERE series <> 'audit'").found


def test_there_is_a_row_in_every_table(tamperer: Tamperer) -> None:
    assert {
        table.name for table in tables() if tamperer.session.execute(select(table).limit(1)).first() is None
    } == set()


def test_each_exception_has_a_reason_and_means_a_column(database: str) -> None:
    assert database
    known = {(table.name, column.name) for table in tables() for column in table.c}
    for row in rows("seals.csv"):
        assert len(row["reason"]) > 20
        assert row["how"] in ("chain", "recount", "itself", "unproved")
        assert row["column"] == "*" or (row["table"], row["column"]) in known


def test_each_sealed_table_has_a_word_in_both_languages(database: str) -> None:
    assert database
    assert [one.name for one in every() if not vocabulary.known("table", one.name)] == []
