"""A line is found by its ties, however many matters there are: no question on the way reads them all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

import services.registry  # noqa: F401
from models.place import Place
from services.lines import lines
from services.rights.permissions import Actor
from tests.walk import Walk

Asked = list[tuple[str, Any]]


@contextmanager
def heard(engine: Engine) -> Iterator[Asked]:
    """Every SELECT that is asked within."""
    asked: Asked = []

    def hear(_connection: Any, _cursor: Any, statement: str, told: Any, *_more: Any) -> None:
        asked.append((statement, told))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", hear)


# A small table of PostgreSQL is read whole on purpose; the plan of SQLite says the same.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_question_of_a_line_reads_every_matter(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    engine = session.get_bind().engine
    walk = Walk(session, actor("secretary"), place)
    alone = Walk(session, actor("secretary"), place).issue
    walk.discuss().meet().vote()
    item = walk.promise()
    walk.publish()
    with heard(engine) as asked:
        for matter in (alone, walk.issue, walk.topic, item):
            lines.of(session, walk.actor, matter)
    assert len(asked) > 20
    for statement, told in asked:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", told)
        assert not [row[3] for row in plan if row[3].startswith("SCAN matter")], statement
