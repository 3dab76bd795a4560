"""Settling: at the end of a transaction the seals of what it wrote are renewed, and the head with them.

Nothing is mended on the way: a seal that is not sound, a row without one and a cell that nobody set stay as they are,
so that `verify` still finds what was changed before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from services.system.seals import book
from services.system.seals import head as heads
from services.system.seals import marks as noted
from services.system.seals.book import Held, Seal
from services.system.seals.head import Head, Sum
from services.system.seals.marks import Drop, Leafful, Mark
from services.system.seals.tables import Leaf, sealed


def settle(session: Session) -> None:
    """Seal what the transaction has written so far."""
    marks = noted.there(session)
    if marks is None or not (marks.told or marks.fresh):
        return
    connection = session.connection()
    head = heads.head(connection, lock=True)
    if head is not None and head.sound:
        head.turn += 1
        for kind, fresh in marks.fresh.items():
            head.sums[kind] = head.sums.get(kind, Sum()) + fresh
        _renew(connection, head, dict(noted.grouped(marks)))
        heads.save(connection, head)
    marks.told.clear()
    marks.fresh.clear()


def _renew(connection: Connection, head: Head, told: Mapping[Leaf, list[Mark]]) -> None:
    stored = book.seals(connection, told)
    new: list[Seal] = []
    other: list[Seal] = []
    gone: list[Seal] = []
    for leaf, marks in told.items():
        old = stored.get(leaf)
        held = _marked(old, marks)
        if held is _SAME:
            continue
        if old is not None:
            head.add(old, -1)
            if held is None:
                gone.append(old)
        if held is None:
            continue
        made = book.make(leaf, head.turn, held)
        head.add(made)
        (new if old is None else other).append(made)
    book.insert_all(connection, new)
    book.replace_all(connection, other)
    book.remove_all(connection, gone)


_SAME: Any = object()


def _marked(old: Seal | None, marks: Sequence[Mark]) -> Held | None:
    """What lies on a leaf after the marks; ``_SAME`` where its seal must stay as it is."""
    if old is not None and not old.sound:
        return _SAME  # type: ignore[no-any-return]
    if old is not None and marks[-1] == Drop(book.OWN):
        return None
    before = old.held if old else None
    leaf = Leafful(before)
    for mark in marks:
        mark.on(leaf)
    if leaf.broken or (old is None and leaf.held is None):
        return _SAME  # type: ignore[no-any-return]
    return leaf.held


def enter(
    session: Session, name: str, rows: list[dict[str, Any]], hanging: Mapping[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Seal very many new rows at once, and what hangs on each of them; returns the rows of their seals, to be put.

    What the rows don't say is empty, or the default of its column. Nothing is sealed under a head that proves nothing:
    `verify` says so of the whole.
    """
    kind = sealed(name)
    assert kind is not None
    marks, turn = noted.of(session), turn_of(session)
    if not turn:
        return []
    held: dict[int, Held] = {kind.of(row): {book.OWN: kind.new(row)} for row in rows}
    for below, others in hanging.items():
        one = sealed(below)
        for row in others if one is not None else ():
            held[row[one.up.name]][one.key(row)] = one.new(row)  # type: ignore[union-attr]
    made = [book.make((name, of), turn, one) for of, one in held.items()]
    fresh = marks.fresh.setdefault(name, Sum())
    for seal in made:
        fresh.add(seal)
    return [seal.row() for seal in made]


def turn_of(session: Session) -> int:
    """The writing that this transaction is; 0 under a head that proves nothing."""
    marks = noted.of(session)
    if not marks.turn:
        head = heads.head(session.connection())
        marks.turn = head.turn + 1 if head is not None and head.sound else 0
    return marks.turn
