"""The table behind services.search: pairs of characters, in FTS5 on SQLite and under a GIN index on PostgreSQL."""

from sqlalchemy import Connection, text

_SQLITE = ("CREATE VIRTUAL TABLE matter_text USING fts5(terms, tokenize = 'unicode61 remove_diacritics 0')",)
_POSTGRESQL = (
    "CREATE TABLE matter_text (rowid integer CONSTRAINT pk_matter_text PRIMARY KEY, terms text[] NOT NULL)",
    "CREATE INDEX ix_matter_text_terms ON matter_text USING gin (terms)",
)


def create(connection: Connection) -> None:
    """Create the empty index."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))
