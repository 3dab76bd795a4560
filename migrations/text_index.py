"""The table behind services.matters.search: pairs of characters, in FTS5 on SQLite, under a GIN index on PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, text

# Only blanks part the terms: any other tokenizer has its own idea of which characters make a word.
_SQLITE = ("CREATE VIRTUAL TABLE matter_text USING fts5(terms, tokenize = 'ascii')",)
_POSTGRESQL = (
    (
        "CREATE TABLE matter_text (rowid integer CONSTRAINT pk_matter_text PRIMARY KEY, terms text[] NOT NULL,"
        " words text NOT NULL)"
    ),
    "CREATE INDEX ix_matter_text_terms ON matter_text USING gin (terms)",
)


def create(connection: Connection) -> None:
    """Create the empty index."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))


def renew(connection: Connection) -> None:
    """Create it anew in its present form, and put every matter back: after what is searched has changed."""
    from sqlmodel import Session, select

    from models.matter import Matter
    from services.matters import search

    connection.execute(text("DROP TABLE matter_text"))
    create(connection)
    columns = (Matter.id, Matter.area_id, Matter.number, Matter.title, Matter.description, Matter.location)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for part in session.execute(select(*columns).order_by(Matter.id)).partitions(2000):  # type: ignore[call-overload]
            search.index(session, part)  # type: ignore[arg-type]
        session.commit()


def differences(connection: Connection) -> Iterator[int]:
    """The matters that the index does not hold as indexing anew would; 0 for the index as a whole.

    Every entry is compared, and on SQLite also what the index itself says of each term: how often it stands where.
    """
    from sqlmodel import Session

    with Session(connection, join_transaction_mode="create_savepoint") as session:
        lite, sums = connection.dialect.name == "sqlite", _Sums()
        for matter, wanted, found in _pairs(session, lite):
            if wanted != found:
                yield matter
            if lite and wanted:
                sums.add(matter, str(wanted[0]).split(" "))
        if lite and not sums.agree(connection):
            yield 0


_Entry = tuple[Any, ...] | None


def _pairs(session: Any, lite: bool) -> Iterator[tuple[int, _Entry, _Entry]]:
    """Each matter with what its entry must be and what it is, both in the order of their ids."""
    columns = "terms" if lite else "terms, words"
    query = text(f"SELECT rowid, {columns} FROM matter_text ORDER BY rowid")
    found = iter(session.connection().execute(query, execution_options={"yield_per": 2000}))
    wanted = _wanted(session, lite)
    left, right = next(wanted, None), next(found, None)
    while left or right:
        at = min(one[0] for one in (left, right) if one)
        here, there = bool(left and left[0] == at), bool(right and right[0] == at)
        yield at, tuple(left[1:]) if here and left else None, _entry(right) if there and right else None
        left = next(wanted, None) if here else left
        right = next(found, None) if there else right


def _entry(row: Any) -> _Entry:
    return tuple(sorted(cell) if isinstance(cell, list) else cell for cell in row[1:])


def _wanted(session: Any, lite: bool) -> Iterator[tuple[Any, ...]]:
    from sqlmodel import select

    from models.matter import Matter
    from services.matters import search

    columns = (Matter.id, Matter.area_id, Matter.number, Matter.title, Matter.description, Matter.location)
    query = select(*columns).order_by(Matter.id).execution_options(yield_per=2000)  # type: ignore[call-overload]
    for part in session.execute(query).partitions(2000):
        for entry in search.entries(session, part):
            yield (entry["rowid"], entry["terms"]) if lite else (entry["rowid"], sorted(entry["terms"]), entry["words"])


class _Sums:
    """For each term how often it stands, and sums over where: two indexes that agree in all of them are the same."""

    def __init__(self) -> None:
        self._terms: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, matter: int, terms: list[str]) -> None:
        """Count the terms of a matter."""
        for offset, term in enumerate(terms):
            if term:
                told = self._terms[term]
                told[0] += 1
                told[1] += matter
                told[2] += offset
                told[3] += matter * offset

    def agree(self, connection: Connection) -> bool:
        """Whether the index says the same."""
        made = "CREATE VIRTUAL TABLE temp.matter_text_terms USING fts5vocab('main', 'matter_text', 'instance')"
        sums = 'count(*), sum(doc), sum("offset"), sum(doc * "offset")'
        asked = f"SELECT term, {sums} FROM temp.matter_text_terms GROUP BY term"
        connection.exec_driver_sql(made)
        try:
            there = connection.exec_driver_sql(asked).all()
            wanted = sorted((term.encode(), *told) for term, told in self._terms.items())
            return all(one == _bytes(row) for one, row in zip_longest(wanted, there)) and _led_to(connection)
        finally:
            connection.exec_driver_sql("DROP TABLE temp.matter_text_terms")


def _led_to(connection: Connection) -> bool:
    """Whether a search for each term comes upon what reading the index from end to end does: it takes another way."""
    made = "CREATE VIRTUAL TABLE temp.matter_text_ways USING fts5vocab('main', 'matter_text', 'row')"
    found = "SELECT 1 FROM temp.matter_text_ways AS way WHERE way.term = one.term AND way.doc = one.doc"
    asked = f"SELECT 1 FROM temp.matter_text_ways AS one WHERE NOT EXISTS ({found}) LIMIT 1"
    connection.exec_driver_sql(made)
    try:
        return connection.exec_driver_sql(asked).first() is None
    finally:
        connection.exec_driver_sql("DROP TABLE temp.matter_text_ways")


def _bytes(row: Any) -> tuple[Any, ...] | None:
    return (row[0].encode(), *row[1:]) if row else None
