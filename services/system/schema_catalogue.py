"""Schema catalogue: what PostgreSQL itself says of every object of the schema, held against a schema made anew.

Beside tables, columns and triggers this is what the words of checks, keys and indexes say, and what could bend rows on
their way: rules, policies, views, functions, and a setting that keeps triggers from running.
"""

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import Connection, text

from services.system import db, schema

_ANEW = "mulin_made_anew"
_Objects = dict[tuple[str, str], str]

# Of a schema: the kind of an object, its name, and all that PostgreSQL says of it.
_CATALOGUE = """
SELECT CASE c.relkind WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END AS kind,
       c.relname AS name,
       concat_ws(' ', c.relkind, CASE c.relpersistence WHEN 'u' THEN 'unlogged' END, c.relrowsecurity,
                 c.relforcerowsecurity, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready) AS told
FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind <> 't'
  AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT 'column', c.relname || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                 pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', c.relname || '.' || k.conname, concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
WHERE k.connamespace = CAST(:schema AS regnamespace) AND k.contype NOT IN ('n', 't')
UNION ALL
SELECT 'trigger', t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND NOT t.tgisinternal
UNION ALL
SELECT 'trigger', c.relname || ' (' || p.proname || ')', 'internal ' || t.tgenabled::text
FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND t.tgisinternal AND t.tgenabled <> 'O'
UNION ALL
SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       concat_ws(' ', p.prosrc, p.provolatile, p.prosecdef, p.proconfig)
FROM pg_proc AS p WHERE p.pronamespace = CAST(:schema AS regnamespace)
  AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'rule', r.rulename, pg_get_ruledef(r.oid)
FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND r.rulename <> '_RETURN'
UNION ALL
SELECT 'policy', p.polname, concat_ws(' ', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid))
FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
WHERE c.relnamespace = CAST(:schema AS regnamespace)
"""
_MAY = "SELECT has_database_privilege(current_database(), 'CREATE')"
# Whoever sets this for the database, or for a role, stops every trigger without touching one.
_SETTINGS = """
SELECT 'setting', split_part(setting, '=', 1) FROM pg_db_role_setting AS s, unnest(s.setconfig) AS setting
WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND split_part(setting, '=', 1) = 'session_replication_role'
UNION
SELECT 'setting', name FROM pg_settings WHERE name = 'session_replication_role' AND setting <> 'origin'
UNION
SELECT 'trigger', evtname FROM pg_event_trigger AS e
WHERE NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = e.oid AND d.deptype = 'e')
"""


def differences(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """The kind and name of each object, and whether it is missing, changed or strange.

    Of the schema nothing where the role may not make another one to compare with.
    """
    for kind, name in connection.execute(text(_SETTINGS)):
        yield kind, name, "strange"
    here = str(connection.execute(text("SELECT current_schema()")).scalar())
    wanted, found = dict(_expected(connection.dialect.server_version_info)), _objects(connection, here)
    for one in sorted(wanted.keys() | found.keys()) if wanted else ():
        if (how := _how(wanted.get(one), found.get(one))) and not _follows(one, wanted, found):
            yield *one, how


def _how(wanted: str | None, found: str | None) -> str:
    if wanted == found:
        return ""
    return "missing" if found is None else "strange" if wanted is None else "changed"


def _follows(one: tuple[str, str], wanted: _Objects, found: _Objects) -> bool:
    """Whether it came or went with its table."""
    table = "table", one[1].partition(".")[0]
    return one != table and (table in wanted) != (table in found)


@lru_cache(maxsize=2)
def _expected(_server: tuple[int, ...]) -> tuple[tuple[tuple[str, str], str], ...]:
    """What a schema made anew by the migrations holds, in a transaction that is taken back."""
    with db.beside() as session:
        connection = session.connection()
        if not connection.execute(text(_MAY)).scalar():
            return ()
        connection.execute(text(f"CREATE SCHEMA {_ANEW}"))
        connection.execute(text(f"SET LOCAL search_path TO {_ANEW}"))
        schema.make(connection)
        found = _objects(connection, _ANEW)
        session.rollback()
    return tuple(found.items())


def _objects(connection: Connection, name: str) -> _Objects:
    rows = connection.execute(text(_CATALOGUE), {"schema": name})
    return {(kind, called): _bare(told, name) for kind, called, told in rows}


def _bare(told: str, here: str) -> str:
    for name in (_ANEW, here):
        told = told.replace(f"{name}.", "").replace(f'"{name}".', "")
    return " ".join(told.split())
