"""Triggers that keep the counts of matters: figures over a million matters are read from them, never counted anew.

What a kind is and what is counted of it stands here once: the triggers add and take it, ``recounts`` counts it anew.
``m`` is a row of matter, ``f`` the row of follow_up that belongs to it, if there is one.
"""

import re

from sqlalchemy import Connection, text

_TIMELINESS = "CASE WHEN m.on_time THEN 1 WHEN NOT m.on_time THEN 0 ELSE -1 END"
_KIND = {"flow": "m.flow", "opened_month": "m.opened_month", "area_id": "m.area_id"}
_SPLIT = {"category": "coalesce(m.category, '')", "unit_id": "coalesce(m.unit_id, 0)", "state": "m.state"}
_STANDING = {"state": "m.state", "is_open": "m.is_open", "timeliness": _TIMELINESS}
_OF_MATTER = {
    "dispatched": "m.dispatches > 0",
    "returned": "m.dispatches > 0 AND m.returns > 0",
    "reworked": "m.reworks > 0",
    "classed": "m.category IS NOT NULL",
    "repeated": "m.category IS NOT NULL AND m.repeats_id IS NOT NULL",
}
_ANSWERED = "f.contacted IS NOT NULL AND f.resolved IS NOT NULL AND f.satisfaction IS NOT NULL"
_OF_FOLLOW_UP = {
    "answered": _ANSWERED,
    "contacted": f"{_ANSWERED} AND f.contacted",
    "resolved": f"{_ANSWERED} AND f.resolved",
    "satisfied": f"{_ANSWERED} AND f.satisfaction = 'satisfied'",
    "basically": f"{_ANSWERED} AND f.satisfaction = 'basically'",
}
_FLAGS = _OF_MATTER | _OF_FOLLOW_UP
# Only closed matters whose two times are known and in order have lasted.
_LASTED = "NOT m.is_open AND m.closed_at >= m.opened_at"
_HOURS = {
    # Times are texts with six digits of a second; strftime rounds, so the fraction is taken by itself.
    "sqlite": (
        "((strftime('%s', substr(m.closed_at, 1, 19)) - strftime('%s', substr(m.opened_at, 1, 19))) * 1000000"
        " + substr(m.closed_at, 21, 6) - substr(m.opened_at, 21, 6)) / 3600000000"
    ),
    "postgresql": "CAST(floor(extract(epoch FROM m.closed_at - m.opened_at) / 3600) AS integer)",
}
_WATCHED = (
    *("flow", "opened_month", "area_id", "category", "unit_id", "state", "is_open", "on_time", "opened_at"),
    *("closed_at", "dispatches", "returns", "reworks", "repeats_id"),
)


def recounts(dialect: str) -> dict[str, str]:
    """For each table of counts the query that counts all matters anew, in the order of its columns."""
    found = {}
    for table, (kind, counted, where) in _tables(dialect).items():
        sums = ", ".join(f"sum({told}) AS {name}" for name, told in counted.items())
        keys = ", ".join(f"{told} AS {name}" for name, told in kind.items())
        by = ", ".join(kind.values())
        joined = "matter AS m LEFT JOIN follow_up AS f ON f.matter_id = m.id"
        found[table] = f"SELECT {keys}, {sums} FROM {joined} WHERE {where} GROUP BY {by}"
    return found


def differences(dialect: str) -> dict[str, str]:
    """For each table of counts the query for its rows that counting anew doesn't give.

    Its columns are flow, opened_month, and for each count what is kept and what there is.
    """
    found, fresh = {}, recounts(dialect)
    for table, (kind, counted, _where) in _tables(dialect).items():
        keys = ", ".join(kind)
        kept = f"SELECT {keys}, {', '.join(f'{n} AS kept_{n}, 0 AS left_{n}' for n in counted)} FROM {table}"
        left = f"SELECT {keys}, {', '.join(f'0, {n}' for n in counted)} FROM ({fresh[table]}) AS anew"
        sums = ", ".join(f"sum(kept_{n}), sum(left_{n})" for n in counted)
        differ = " OR ".join(f"sum(kept_{n}) <> sum(left_{n})" for n in counted)
        both = f"SELECT flow, opened_month, {sums} FROM ({kept} UNION ALL {left}) AS both_sides"
        found[table] = f"{both} GROUP BY {keys} HAVING {differ} ORDER BY flow, opened_month"
    return found


def fill(connection: Connection) -> None:
    """Count all matters into the empty tables."""
    for table, query in recounts(connection.dialect.name).items():
        kind, counted, _where = _tables(connection.dialect.name)[table]
        into = f"INSERT INTO {table} ({', '.join([*kind, *counted])}) {query}"
        connection.execute(text(into))


def install(connection: Connection) -> None:
    """Install the triggers; a migration that rebuilds ``matter`` or ``follow_up`` calls this again at its end."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.execute(text(statement.replace(":", "\\:")))


def _tables(dialect: str) -> dict[str, tuple[dict[str, str], dict[str, str], str]]:
    counted = {"n": "1"} | {name: f"CASE WHEN {told} THEN 1 ELSE 0 END" for name, told in _FLAGS.items()}
    return {
        "matter_count": (_KIND | _STANDING, counted, "true"),
        "matter_split": (_KIND | _SPLIT | _STANDING, counted, "true"),
        "matter_lasting": (_KIND | _SPLIT | {"hours": _HOURS[dialect]}, {"n": "1"}, _LASTED),
    }


def _of_matter(dialect: str, row: str, sign: str) -> str:
    """Add or take all that the matter ``row`` (old or new) counts for."""
    source = f"(SELECT 1 AS one) AS it LEFT JOIN follow_up AS f ON f.matter_id = {row}.id WHERE "
    written = (
        _upsert(table, kind, counted, source + where, sign)
        for table, (kind, counted, where) in _tables(dialect).items()
    )
    return re.sub(r"\bm\.", f"{row}.", " ".join(written))


def _of_follow_up(dialect: str, row: str, sign: str) -> str:
    """Add or take what the follow-up ``row`` (old or new) adds to what its matter counts for."""
    source = f"matter AS m WHERE m.id = {row}.matter_id"
    written = (
        _upsert(
            table, kind, {name: told if name in _OF_FOLLOW_UP else "0" for name, told in counted.items()}, source, sign
        )
        for table, (kind, counted, _where) in _tables(dialect).items()
        if counted.keys() >= _OF_FOLLOW_UP.keys()
    )
    return re.sub(r"\bf\.", f"{row}.", " ".join(written))


def _upsert(table: str, kind: dict[str, str], counted: dict[str, str], source: str, sign: str) -> str:
    keys, values = ", ".join(kind), ", ".join([*kind.values(), *(f"{sign}({told})" for told in counted.values())])
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in counted)
    into = f"INSERT INTO {table} ({keys}, {', '.join(counted)}) SELECT {values} FROM {source}"
    return f"{into} ON CONFLICT ({keys}) DO UPDATE SET {added};"


def _sqlite() -> list[str]:
    matter_changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in _WATCHED)
    watched = f"OF {', '.join(_WATCHED)} ON matter WHEN {matter_changed}"
    made = []
    for table, body, update in (("matter", _of_matter, watched), ("follow_up", _of_follow_up, "ON follow_up")):
        take, add = body("sqlite", "old", "-"), body("sqlite", "new", "+")
        name = f"CREATE TRIGGER IF NOT EXISTS {table}_counted"
        made += [
            f"{name}_in AFTER INSERT ON {table} BEGIN {add} END",
            f"{name}_out AFTER DELETE ON {table} BEGIN {take} END",
            f"{name}_on AFTER UPDATE {update} BEGIN {take} {add} END",
        ]
    return made


def _postgresql() -> list[str]:
    same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in _WATCHED)
    made = []
    for table, body, unchanged in (("matter", _of_matter, same), ("follow_up", _of_follow_up, "false")):
        steps = (
            f"IF TG_OP = 'UPDATE' THEN IF {unchanged} THEN RETURN NULL; END IF; END IF; "
            f"IF TG_OP <> 'INSERT' THEN {body('postgresql', 'old', '-')} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {body('postgresql', 'new', '+')} END IF; RETURN NULL;"
        )
        made += [
            f"CREATE OR REPLACE FUNCTION count_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {steps} END $$",
            (
                f"CREATE OR REPLACE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION count_{table}()"
            ),
        ]
    return made
