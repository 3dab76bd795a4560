"""Connections: how many of them a thread holds at once; who waits for a second one may wait for ever."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import event

from services.system import db


@contextmanager
def most_at_once() -> Iterator[Counter[int]]:
    """The most that any thread held at once of the connections to the database, by thread."""
    held, most, takers = Counter[int](), Counter[int](), dict[int, int]()

    def out(_connection: Any, record: Any, _proxy: Any) -> None:
        takers[id(record)] = get_ident()
        held[get_ident()] += 1
        most[get_ident()] = max(most[get_ident()], held[get_ident()])

    def back(_connection: Any, record: Any) -> None:
        held[takers.pop(id(record), get_ident())] -= 1

    pool = db.engine().pool
    event.listen(pool, "checkout", out)
    event.listen(pool, "checkin", back)
    try:
        yield most
    finally:
        event.remove(pool, "checkout", out)
        event.remove(pool, "checkin", back)
