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
_FINE = "counted_anew"
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
            self._connection.execute(text(statement), {"first": first, "last": last} if ":first" in statement else {})

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
    """What adds the matters between two ids to each table of counts.

    Whoever counts by more columns has counted for whoever counts by fewer: matters and answers are looked up once.
    """
    asked = {table: _some(query) for table, query in counting.recounts(dialect).items()}
    fine, coarse, lasting = asked["matter_split"], asked["matter_count"], asked["matter_lasting"]
    return [
        f"CREATE TEMPORARY TABLE {_FINE} AS {fine}",
        _added("matter_split", fine, f"SELECT {', '.join(_names(fine))} FROM {_FINE} WHERE true"),
        _added("matter_count", coarse, _coarser(coarse)),
        _added("matter_lasting", lasting, lasting),
        f"DROP TABLE {_FINE}",
    ]


def _some(query: str) -> str:
    """A recount of all matters, as one of some."""
    return _ALL.sub(r" WHERE (\1) AND m.id BETWEEN :first AND :last GROUP BY \2", query)


def _names(query: str) -> list[str]:
    return re.findall(r" AS (\w+)(?=,| FROM matter)", query)


def _coarser(query: str) -> str:
    names, counts = _names(query), query.count("sum(")
    kind, sums = names[:-counts], (f"sum({name}) AS {name}" for name in names[-counts:])
    return f"SELECT {', '.join([*kind, *sums])} FROM {_FINE} WHERE true GROUP BY {', '.join(kind)}"


def _added(table: str, query: str, some: str) -> str:
    """What adds ``some`` to the counts of a table, which ``query`` counts."""
    names, counts = _names(query), query.count("sum(")
    kind = ", ".join(names[:-counts])
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in names[-counts:])
    return f"INSERT INTO {table} ({', '.join(names)}) {some} ON CONFLICT ({kind}) DO UPDATE SET {sums}"
