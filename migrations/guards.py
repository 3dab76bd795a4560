"""Guards: every trigger that a database of the newest schema must have on PostgreSQL, with the body of its function.

SQLite is compared with a database made anew. A migration that installs a trigger of another kind adds it here.
"""

import re
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection

from migrations import append_only, counting

_TRIGGER = re.compile(
    r"CREATE (?:OR REPLACE )?TRIGGER (\w+)\s+(.*?) ON (?:public\.)?(\w+)\s+(.*?)\s*EXECUTE FUNCTION (\w+)"
)
_FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\(\).*?AS\s*\$\$(.*?)\$\$", re.DOTALL)


class Guard(NamedTuple):
    """A trigger: where it hangs, when it runs, and what it runs."""

    table: str
    name: str
    when: frozenset[str]
    does: str


def expected() -> set[Guard]:
    """What the migrations install."""
    said = _said()
    bodies = {name: plain(body) for statement in said for name, body in _FUNCTION.findall(statement)}
    return {guard(statement, bodies) for statement in said if _TRIGGER.match(plain(statement))}


def guard(statement: str, bodies: dict[str, str]) -> Guard:
    """The trigger that a statement makes, as a migration writes it or PostgreSQL tells it."""
    found = _TRIGGER.match(plain(statement))
    if found is None:
        raise ValueError(statement)
    name, events, table, each, function = found.groups()
    return Guard(table, name, frozenset(f"{events} {each}".split()), bodies.get(function, ""))


def plain(body: str) -> str:
    """``body`` with every run of blanks as one."""
    return " ".join(body.split())


def _said() -> list[str]:
    """The statements that the migrations run, in their order; those that replace an earlier trigger come after it."""
    heard: dict[str, str] = {}

    def hear(statement: Any, *_: object) -> None:
        told = str(statement.text).replace("\\:", ":").strip()
        made = re.match(r"CREATE OR REPLACE (?:TRIGGER|FUNCTION) \w+", told)
        heard[made[0] if made else told] = told

    deaf = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"), execute=hear)
    connection = cast(Connection, cast(Any, deaf))
    append_only.protect(connection)
    append_only.allow_undoing(connection)
    append_only.protect(connection, append_only.LEDGER)
    counting.install(connection, counting.KEPT)
    return list(heard.values())
