"""Adopting: what stands in a database that has no seals yet, or in columns they don't cover yet, is sealed as found.

Only at an upgrade: nothing that was written before is vouched for, and the head says so.
"""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Connection, literal, select
from sqlmodel import SQLModel

from services.system import clock
from services.system.seals import book, reading
from services.system.seals import head as heads
from services.system.seals.book import OWN, Held
from services.system.seals.head import Head
from services.system.seals.tables import Sealed, kinds, shape

# What a line of the audit chain is called that tells of it, and why it may have been done.
ACT = "sealed"
UPGRADE, AGAIN, PART = "upgrade", "missing", "part"
_PIECE = 2000
_LAST = 2**62


def adopt(connection: Connection, *, sealed: bool) -> None:
    """Seal what no seal covers, where the schema has grown; everything, where there are no seals at all.

    ``sealed`` says that the database was at a schema with seals before: then somebody took them away.
    """
    head = heads.head(connection)
    if head is None:
        anew(connection, AGAIN if sealed or _told(connection) else UPGRADE)
    elif head.sound and (covered := heads.covered(connection, head)) is not None and covered != shape():
        _grow(connection, head, covered)


def _told(connection: Connection) -> bool:
    """Whether the audit chain tells of seals there were before."""
    lines = SQLModel.metadata.tables["audit_line"]
    return connection.execute(select(1).where(lines.c.act == ACT).limit(1)).first() is not None


def anew(connection: Connection, why: str) -> None:
    """Seal everything as it stands, whatever any seal said before."""
    head = Head(1, clock.now(), why=why)
    head.found = _seal_all(connection, head)
    heads.cover(connection, head, shape())
    heads.save(connection, head)


def again(connection: Connection) -> None:
    """Seal everything once more with the key in use, and vouch for it since as long as before.

    Only where all of it was proved with the key before, in the same transaction.
    """
    before = heads.head(connection)
    if before is None:
        return anew(connection, AGAIN)
    head = Head(before.turn + 1, before.at, found=before.found, why=before.why)
    _seal_all(connection, head)
    heads.cover(connection, head, shape())
    heads.save(connection, head)


def _seal_all(connection: Connection, head: Head) -> int:
    """Put a seal on every leaf in the place of all there were; returns how many."""
    for name in ("seal", "seal_head"):
        connection.execute(SQLModel.metadata.tables[name].delete())
    count = 0
    for kind in kinds():
        for lying in _pieces(connection, kind):
            made = [book.make((kind.name, of), head.turn, held) for of, held in lying.items() if OWN in held]
            for seal in made:
                head.add(seal)
            count += len(made)
            book.insert_all(connection, made)
    return count


def _pieces(connection: Connection, kind: Sealed) -> Iterator[dict[int, Held]]:
    """What lies on the leaves of a kind, some at a time."""
    if not kind.numbered:
        yield reading.leaves(connection, kind)
        return
    [key] = kind.table.primary_key.columns
    after, rest = -_LAST, select(key).order_by(key).offset(_PIECE - 1).limit(1)
    while True:
        until = connection.execute(rest.where(key > literal(after, BigInteger))).scalar()
        yield reading.leaves(connection, kind, after, _LAST if until is None else until)
        if until is None:
            return
        after = until


def _grow(connection: Connection, head: Head, covered: dict[str, list[str]]) -> None:
    """Add to each seal the columns and the rows of the tables that none covered."""
    head.turn += 1
    for kind in kinds():
        for lying in _pieces(connection, kind):
            _add(connection, head, kind, lying, covered)
    heads.cover(connection, head, shape())
    heads.save(connection, head)


def _add(
    connection: Connection, head: Head, kind: Sealed, lying: dict[int, Held], covered: dict[str, list[str]]
) -> None:
    stored = book.seals(connection, [(kind.name, of) for of in lying])
    new, other = [], []
    for of, held in lying.items():
        old = stored.get((kind.name, of))
        if old is None:
            if kind.name not in covered:
                new.append(book.make((kind.name, of), head.turn, held))
        elif old.sound and (grown := _grown(kind, old.held, held, covered)) is not None:
            head.add(old, -1)
            other.append(book.make((kind.name, of), head.turn, grown))
    for seal in (*new, *other):
        head.add(seal)
    book.insert_all(connection, new)
    book.replace_all(connection, other)


def _grown(kind: Sealed, before: Held, now: Held, covered: dict[str, list[str]]) -> Held | None:
    """A leaf with what no seal covered; none where that is nothing."""
    found = {key: dict(cells) for key, cells in before.items()}
    for key, cells in now.items():
        name = key.partition(":")[0] or kind.name
        known = covered.get(name)
        if known is None:
            found[key] = cells
        elif key in found:
            found[key] |= {column: cell for column, cell in cells.items() if column not in known}
    return found if found != before else None
