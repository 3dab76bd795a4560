"""The table behind services.matters.search: pairs of characters, in FTS5 on SQLite, under a GIN index on PostgreSQL."""

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
