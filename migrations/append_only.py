"""Triggers that refuse to change or delete what has been recorded. SQLite drops them when a table is rebuilt."""

from sqlalchemy import Connection, text

TABLES = ("event", "audit_line")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# INSERT OR REPLACE deletes the row before without asking the trigger on DELETE.
_SQLITE_REPLACE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {known}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_KNOWN = {
    "event": "EXISTS (SELECT 1 FROM event WHERE id = new.id)"
    " OR EXISTS (SELECT 1 FROM event WHERE matter_id = new.matter_id AND seq = new.seq)",
    "audit_line": "EXISTS (SELECT 1 FROM audit_line WHERE seq = new.seq)",
}


def protect(connection: Connection) -> None:
    """Install the triggers of both tables; a migration that rebuilds one of them calls this again at its end."""
    for statement in _statements(connection.dialect.name):
        connection.execute(text(statement))


def _statements(dialect: str) -> list[str]:
    if dialect == "postgresql":
        return [_FUNCTION, *(_POSTGRESQL.format(table=table) for table in TABLES)]
    changes = [_SQLITE.format(table=table, act=act) for table in TABLES for act in ("update", "delete")]
    return changes + [_SQLITE_REPLACE.format(table=table, known=_KNOWN[table]) for table in TABLES]
