"""Bulk counts: very many new matters are counted together, at once, instead of by a trigger for each row.

While they are put the triggers that count them are off, in this transaction alone: nobody else sees it, and should it
end early they were never off. So is the one that keeps SQLite from replacing an event: nothing is replaced here.
"""

import re
from functools import lru_cache

from sqlalchemy import Connection, text
from sqlmodel import Session

from migrations import counting

_COUNTED = ("matter", "answer")
_LITE = ("matter_counted_in", "matter_counted_off", "matter_counted_on", "answer_counted_in", "event_no_replace")
# How one of the queries that count all matters ends.
_ALL = re.compile(r" WHERE (.*) GROUP BY (.*)$", re.DOTALL)


class BulkCount:
    """From its making until ``end`` only new matters are put, with their answers and events, and nothing else is."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self._lite = self._connection.dialect.name == "sqlite"
        self._made = _taken(self._connection) if self._lite else _switched("DISABLE")
        self._run([f"DROP TRIGGER {name}" for name in _LITE] if self._lite else self._made)

    def end(self, first: int, last: int) -> None:
        """Count the matters with these ids, which are those that were put, and let triggers count again."""
        self._run(self._made if self._lite else _switched("ENABLE"))
        for statement in _statements(self._connection.dialect.name):
            self._connection.execute(text(statement), {"first": first, "last": last})

    def _run(self, statements: list[str]) -> None:
        for statement in statements:
            self._connection.exec_driver_sql(statement)


def _taken(connection: Connection) -> list[str]:
    asked = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    return [str(connection.exec_driver_sql(asked, (name,)).scalar_one()) for name in _LITE]


def _switched(how: str) -> list[str]:
    return [f"ALTER TABLE {table} {how} TRIGGER {table}_counted" for table in _COUNTED]


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
