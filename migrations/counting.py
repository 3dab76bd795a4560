"""Triggers that keep the counts of matters: figures over a million matters are read from them, never counted anew.

What a kind is and what is counted of it stands here once: the triggers add and take it, ``recounts`` counts it anew.
``m`` is a row of matter; ``c``, ``r`` and ``s`` are the answers to the three questions of its follow-up, as far as
there are any: contacted, resolved, satisfaction. Up to schema 0002 they stood in one row of ``follow_up``, ``f``.
``KEPT`` is what is counted now; ``ANSWERS`` and ``FOLLOW_UPS`` are what the schemas before counted.
"""

import re
from dataclasses import dataclass, replace

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
_DATED = "m.due_at IS NOT NULL OR m.on_time IS NOT NULL OR m.time_left IS NOT NULL"
_DURATION = 1 << 4


@dataclass(frozen=True)
class Source:
    """Where follow-ups stand: in which table, how its rows join ``matter``, which row counts, and what is an answer.

    ``recorded`` says that matters tell what their ledger doesn't record.
    """

    table: str
    joined: str
    of_row: dict[str, str]
    answered: str
    yes: str
    names: tuple[str, str, str]
    recorded: bool = False

    @property
    def standing(self) -> dict[str, str]:
        """What a kind is told by besides flow, month and area."""
        return _STANDING | ({"unrecorded": "m.unrecorded"} if self.recorded else {})

    @property
    def of_matter(self) -> dict[str, str]:
        """What is counted of a matter itself."""
        return _OF_MATTER | ({"dated": _DATED} if self.recorded else {})

    @property
    def lasted(self) -> str:
        """Which matters have lasted."""
        return f"{_LASTED} AND (m.unrecorded & {_DURATION}) = 0" if self.recorded else _LASTED

    @property
    def watched(self) -> tuple[str, ...]:
        """The columns of a matter with which what it counts for may change."""
        return (*_WATCHED, *(("due_at", "time_left", "unrecorded") if self.recorded else ()))

    def flags(self) -> dict[str, str]:
        """What is counted of a matter that was followed up."""
        contacted, resolved, satisfaction = self.names
        return {
            "answered": self.answered,
            "contacted": f"{self.answered} AND {contacted}{self.yes}",
            "resolved": f"{self.answered} AND {resolved}{self.yes}",
            "satisfied": f"{self.answered} AND {satisfaction} = 'satisfied'",
            "basically": f"{self.answered} AND {satisfaction} = 'basically'",
        }


_QUESTIONS = {"c": "contacted", "r": "resolved", "s": "satisfaction"}
_STANDS = "{alias}.matter_id = {row} AND {alias}.category = 'reporter' AND {alias}.question = '{question}'"
_STANDS = f"{_STANDS} AND {{alias}}.replaced = 0"
_JOINED = " ".join(
    f"LEFT JOIN answer AS {alias} ON {_STANDS.format(alias=alias, row='m.id', question=question)}"
    for alias, question in _QUESTIONS.items()
)
# The answer in hand is not in the table yet; the two others are. OFFSET 0 lets each be looked up once.
_IN_HAND = "".join(
    f", (SELECT CASE WHEN f.question = '{question}' THEN f.value ELSE (SELECT a.value FROM answer AS a"
    f" WHERE {_STANDS.format(alias='a', row='f.matter_id', question=question)}) END AS value OFFSET 0) AS {alias}"
    for alias, question in _QUESTIONS.items()
)
_GIVEN = " AND ".join(f"{alias}.value <> 'unknown'" for alias in _QUESTIONS)
_OF_ROW = (
    " WHERE m.id = f.matter_id AND f.replaced = 0 AND f.category = 'reporter'"
    f" AND f.question IN ('contacted', 'resolved', 'satisfaction') AND {_GIVEN}"
)
ANSWERS = Source(
    table="answer",
    joined=_JOINED,
    of_row={"sqlite": f" {_JOINED}{_OF_ROW}", "postgresql": f"{_IN_HAND}{_OF_ROW}"},
    answered=_GIVEN,
    yes=" = 'yes'",
    names=("c.value", "r.value", "s.value"),
)
FOLLOW_UPS = Source(
    table="follow_up",
    joined="LEFT JOIN follow_up AS f ON f.matter_id = m.id",
    of_row=dict.fromkeys(("sqlite", "postgresql"), " WHERE m.id = f.matter_id"),
    answered="f.contacted IS NOT NULL AND f.resolved IS NOT NULL AND f.satisfaction IS NOT NULL",
    yes="",
    names=("f.contacted", "f.resolved", "f.satisfaction"),
)
KEPT = replace(ANSWERS, recorded=True)
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


def recounts(dialect: str, source: Source = KEPT) -> dict[str, str]:
    """For each table of counts the query that counts all matters anew, in the order of its columns."""
    found = {}
    for table, (kind, counted, where) in _tables(dialect, source).items():
        sums = ", ".join(f"sum({told}) AS {name}" for name, told in counted.items())
        keys = ", ".join(f"{told} AS {name}" for name, told in kind.items())
        by = ", ".join(kind.values())
        found[table] = f"SELECT {keys}, {sums} FROM matter AS m {source.joined} WHERE {where} GROUP BY {by}"
    return found


def differences(dialect: str) -> dict[str, str]:
    """For each table of counts the query for its rows that counting anew doesn't give.

    Its columns are flow, opened_month, and for each count what is kept and what there is.
    """
    found, fresh = {}, recounts(dialect)
    for table, (kind, counted, _where) in _tables(dialect, KEPT).items():
        keys = ", ".join(kind)
        kept = f"SELECT {keys}, {', '.join(f'{n} AS kept_{n}, 0 AS left_{n}' for n in counted)} FROM {table}"
        left = f"SELECT {keys}, {', '.join(f'0, {n}' for n in counted)} FROM ({fresh[table]}) AS anew"
        sums = ", ".join(f"sum(kept_{n}), sum(left_{n})" for n in counted)
        differ = " OR ".join(f"sum(kept_{n}) <> sum(left_{n})" for n in counted)
        both = f"SELECT flow, opened_month, {sums} FROM ({kept} UNION ALL {left}) AS both_sides"
        found[table] = f"{both} GROUP BY {keys} HAVING {differ} ORDER BY flow, opened_month"
    return found


def fill(connection: Connection, source: Source = KEPT) -> None:
    """Count all matters into the empty tables."""
    for table, query in recounts(connection.dialect.name, source).items():
        kind, counted, _where = _tables(connection.dialect.name, source)[table]
        into = f"INSERT INTO {table} ({', '.join([*kind, *counted])}) {query}"
        connection.execute(text(into))


def install(connection: Connection, source: Source = ANSWERS) -> None:
    """Install the triggers; a migration that rebuilds ``matter`` or ``answer`` calls this again at its end.

    Schema 0003 named no source; from 0004 on it is ``KEPT``.
    """
    for statement in _postgresql(source) if connection.dialect.name == "postgresql" else _sqlite(source):
        connection.execute(text(statement.replace(":", "\\:")))


def remove(connection: Connection, source: Source) -> None:
    """Take the triggers away, before their tables change or others take their place."""
    for table in ("matter", source.table):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_counted ON {table}"))
            connection.execute(text(f"DROP FUNCTION IF EXISTS count_{table}()"))
            continue
        for ending in ("in", "out", "on", "off"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_counted_{ending}"))


def _tables(dialect: str, source: Source) -> dict[str, tuple[dict[str, str], dict[str, str], str]]:
    flags = source.of_matter | source.flags()
    counted = {"n": "1"} | {name: f"CASE WHEN {told} THEN 1 ELSE 0 END" for name, told in flags.items()}
    return {
        "matter_count": (_KIND | source.standing, counted, "true"),
        "matter_split": (_KIND | _SPLIT | source.standing, counted, "true"),
        "matter_lasting": (_KIND | _SPLIT | {"hours": _HOURS[dialect]}, {"n": "1"}, source.lasted),
    }


def _of_matter(dialect: str, source: Source, row: str, sign: str) -> str:
    """Add or take all that the matter ``row`` (old or new) counts for."""
    of = f"(SELECT 1 AS one) AS it {source.joined} WHERE "
    written = (
        _upsert(table, kind, counted, of + where, sign)
        for table, (kind, counted, where) in _tables(dialect, source).items()
    )
    return re.sub(r"\bm\.", f"{row}.", " ".join(written))


def _of_follow_up(dialect: str, source: Source, row: str, sign: str) -> str:
    """Add or take what the row (old or new) of a follow-up adds to what its matter counts for."""
    flags = source.flags()
    written = (
        _upsert(
            table,
            kind,
            {name: told if name in flags else "0" for name, told in counted.items()},
            f"matter AS m{source.of_row[dialect]}",
            sign,
        )
        for table, (kind, counted, _where) in _tables(dialect, source).items()
        if counted.keys() >= flags.keys()
    )
    return re.sub(r"\bf\.", f"{row}.", " ".join(written))


def _upsert(table: str, kind: dict[str, str], counted: dict[str, str], source: str, sign: str) -> str:
    keys, values = ", ".join(kind), ", ".join([*kind.values(), *(f"{sign}({told})" for told in counted.values())])
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in counted)
    into = f"INSERT INTO {table} ({keys}, {', '.join(counted)}) SELECT {values} FROM {source}"
    return f"{into} ON CONFLICT ({keys}) DO UPDATE SET {added};"


def _sqlite(source: Source) -> list[str]:
    matter_changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in source.watched)
    watched = f"OF {', '.join(source.watched)} ON matter WHEN {matter_changed}"
    made = []
    for table, body, update in (("matter", _of_matter, watched), (source.table, _of_follow_up, f"ON {source.table}")):
        take, add = body("sqlite", source, "old", "-"), body("sqlite", source, "new", "+")
        name = f"CREATE TRIGGER IF NOT EXISTS {table}_counted"
        made += [
            # What an answer counts for is told by it and the others together: while it is in the table.
            f"{name}_in AFTER INSERT ON {table} BEGIN {add} END",
            f"{name}_out BEFORE DELETE ON {table} BEGIN {take} END",
            f"{name}_off BEFORE UPDATE {update} BEGIN {take} END",
            f"{name}_on AFTER UPDATE {update} BEGIN {add} END",
        ]
    return made


# Answers count together: each is counted before it is written, so that it sees those before it and not those after, and
# holds its matter, so that nobody else writes another one meanwhile.
_HELD = "PERFORM 1 FROM matter WHERE id = coalesce(new.matter_id, old.matter_id) FOR NO KEY UPDATE; "


def _postgresql(source: Source) -> list[str]:
    same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in source.watched)
    made = []
    for table, body, unchanged in (("matter", _of_matter, same), (source.table, _of_follow_up, "")):
        skip = f"IF TG_OP = 'UPDATE' THEN IF {unchanged} THEN RETURN NULL; END IF; END IF; " if unchanged else _HELD
        steps = (
            f"IF TG_OP <> 'INSERT' THEN {body('postgresql', source, 'old', '-')} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {body('postgresql', source, 'new', '+')} END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN old; END IF; RETURN new;"
        )
        when = f"{'AFTER' if unchanged else 'BEFORE'} INSERT OR UPDATE OR DELETE ON {table}"
        function = f"FUNCTION count_{table}()"
        made += [
            f"CREATE OR REPLACE {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {skip}{steps} END $$",
            f"CREATE OR REPLACE TRIGGER {table}_counted {when} FOR EACH ROW EXECUTE {function}",
        ]
    return made
