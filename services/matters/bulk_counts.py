"""Bulk counts: very many new matters are counted together, at once, instead of by a trigger for each row.

While they are put the triggers that count new rows are off, in this transaction alone: nobody else sees it, and should
it end early they were never off.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, text
from sqlmodel import Session

from migrations import counting

_COUNTED = ("matter", "answer")
# How one of the queries that count all matters ends.
_ALL = re.compile(r" WHERE (.*) GROUP BY (.*)$", re.DOTALL)


@contextmanager
def counted(session: Session, first: int, last: int) -> Iterator[None]:
    """Count the matters with these ids, which are put with their answers in the block and nothing else is."""
    connection = session.connection()
    off = _lite(connection) if connection.dialect.name == "sqlite" else _server(connection)
    with off:
        yield
        for statement in _statements(connection.dialect.name):
            connection.execute(text(statement), {"first": first, "last": last})


@contextmanager
def _lite(connection: Connection) -> Iterator[None]:
    names = [f"{table}_counted_in" for table in _COUNTED]
    asked = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    made = [connection.exec_driver_sql(asked, (name,)).scalar_one() for name in names]
    for name in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for statement in made:
        connection.exec_driver_sql(statement)


@contextmanager
def _server(connection: Connection) -> Iterator[None]:
    for table in _COUNTED:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_counted")
    yield
    for table in _COUNTED:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_counted")


@lru_cache(maxsize=2)
def _statements(dialect: str) -> list[str]:
    """What adds the matters between two ids to each table of counts."""
    return [_added(table, query) for table, query in counting.recounts(dialect).items()]


def _added(table: str, query: str) -> str:
    """A recount of all matters, as what adds some of them."""
    some = _ALL.sub(r" WHERE (\1) AND m.id BETWEEN :first AND :last GROUP BY \2", query)
    names = re.findall(r" AS (\w+)(?=,| FROM matter)", query)
    kind, counts = names[: -_counts(query)], names[-_counts(query) :]
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in counts)
    return f"INSERT INTO {table} ({', '.join(names)}) {some} ON CONFLICT ({', '.join(kind)}) DO UPDATE SET {sums}"


def _counts(query: str) -> int:
    return query.count("sum(")
