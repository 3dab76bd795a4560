"""Triggers that refuse to change or delete what has been recorded. SQLite drops them when a table is rebuilt.

One deletion is let through: an event that an import wrote, when that import is marked as undone. Whether it was undone
in truth is for `verify` to say, which asks the audit chain. See docs/adr/0010.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

TABLES = ("event", "audit_line")
LEDGER = ("ledger_entry", "posting")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_UNDONE = """
old.action IN ('import', 'reimport', 'import_undone') AND EXISTS (
SELECT 1 FROM matter JOIN import_batch ON import_batch.id = matter.import_id
WHERE matter.id = old.matter_id AND import_batch.undone_at IS NOT NULL)
"""
_REFUSE_DELETION = f"""
CREATE OR REPLACE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF {_UNDONE} THEN RETURN old; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE {acts} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_POSTGRESQL_DELETION = """
CREATE OR REPLACE TRIGGER event_no_deletion BEFORE DELETE ON event
FOR EACH ROW EXECUTE FUNCTION refuse_deletion()
"""
_DROP = "DROP TRIGGER IF EXISTS event_no_delete"
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} {unless}
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
    "ledger_entry": "EXISTS (SELECT 1 FROM ledger_entry WHERE id = new.id)",
    "posting": "EXISTS (SELECT 1 FROM posting WHERE entry_id = new.entry_id AND account_id = new.account_id"
    " AND stage = new.stage)",
}


def protect(connection: Connection, tables: Sequence[str] = TABLES) -> None:
    """Install the triggers of the tables; a migration that rebuilds one of them calls this again at its end."""
    for statement in _statements(connection.dialect.name, tables):
        connection.execute(text(statement))


def _statements(dialect: str, tables: Sequence[str]) -> list[str]:
    if dialect == "postgresql":
        acts = "UPDATE OR DELETE OR TRUNCATE"
        return [_FUNCTION, *(_POSTGRESQL.format(table=table, acts=acts) for table in tables)]
    changes = [_SQLITE.format(table=table, act=act, unless="") for table in tables for act in ("update", "delete")]
    return changes + [_SQLITE_REPLACE.format(table=table, known=_KNOWN[table]) for table in tables]


def allow_undoing(connection: Connection) -> None:
    """Let the events of undone imports be deleted; called after ``protect``, when there are imports at all.

    On SQLite the trigger names ``matter``: a migration that rebuilds that table calls ``forbid_undoing`` first, or the
    rename at its end fails, and this again afterwards.
    """
    if connection.dialect.name == "postgresql":
        acts = _POSTGRESQL.format(table="event", acts="UPDATE OR TRUNCATE")
        statements = [_REFUSE_DELETION, acts, _POSTGRESQL_DELETION]
    else:
        unless = f"WHEN NOT ({_UNDONE})"
        statements = [_DROP, _SQLITE.format(table="event", act="delete", unless=unless)]
    for statement in statements:
        connection.execute(text(statement))


def forbid_undoing(connection: Connection) -> None:
    """Refuse every deletion again."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(_DROP))
        connection.execute(text(_SQLITE.format(table="event", act="delete", unless="")))
