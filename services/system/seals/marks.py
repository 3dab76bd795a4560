"""Marks: what a transaction has written so far, in order, leaf by leaf: what its seals will say when it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from services.system.seals.book import OWN, Held
from services.system.seals.head import Sum
from services.system.seals.tables import Cells, Leaf, Sealed, leaf_of, sealed

_NAME = "seal_marks"


@dataclass
class Leafful:
    """What lies on one leaf while the marks of a transaction are put on it; ``broken`` is what nobody may mend."""

    held: Held | None
    broken: bool = False


@dataclass(frozen=True)
class Put:
    """A new row. One that lies there already was taken away without the program: its seal stays as evidence."""

    key: str
    cells: Cells

    def on(self, leaf: Leafful) -> None:
        """Put it on the leaf."""
        if self.key == OWN and leaf.held is None:
            leaf.held = {OWN: dict(self.cells)}
        elif leaf.held is not None and self.key not in leaf.held:
            leaf.held[self.key] = dict(self.cells)
        elif self.key == OWN:
            leaf.broken = True


@dataclass(frozen=True)
class Set:
    """Some cells of a row: the others keep what was sealed of them, whatever stands there now."""

    key: str
    cells: Cells

    def on(self, leaf: Leafful) -> None:
        """Put it on the leaf."""
        row = (leaf.held or {}).get(self.key)
        if row is not None:
            row |= self.cells
            for name in [name for name, cell in self.cells.items() if cell is None]:
                del row[name]


@dataclass(frozen=True)
class Drop:
    """A row that went; with the row that is the leaf itself, the leaf."""

    key: str

    def on(self, leaf: Leafful) -> None:
        """Take it from the leaf."""
        if self.key == OWN:
            leaf.held = None
        elif leaf.held is not None:
            leaf.held.pop(self.key, None)


@dataclass(frozen=True)
class Move:
    """Rows that are called otherwise now, all at once."""

    keys: tuple[tuple[str, str], ...]

    def on(self, leaf: Leafful) -> None:
        """Rename them on the leaf."""
        if leaf.held is not None:
            taken = [(new, leaf.held.pop(old)) for old, new in self.keys if old in leaf.held]
            leaf.held |= {new: row for new, row in taken if new not in leaf.held}


Mark = Put | Set | Drop | Move


@dataclass
class Marks:
    """The marks of one transaction, first to last; ``fresh`` sums the seals it has written already.

    ``above`` remembers what rows point up to.
    """

    told: list[tuple[Leaf, Mark]] = field(default_factory=list)
    fresh: dict[str, Sum] = field(default_factory=dict)
    above: dict[tuple[str, int], int | None] = field(default_factory=dict)
    savepoints: dict[object, int] = field(default_factory=dict)
    turn: int = 0


def of(session: Session) -> Marks:
    """The marks of the session's transaction."""
    found: Marks = session.info.setdefault(_NAME, Marks())
    return found


def there(session: Session) -> Marks | None:
    """The same, where there are any."""
    return session.info.get(_NAME)


def forget(session: Session) -> None:
    """The transaction has ended."""
    session.info.pop(_NAME, None)


def leaf(session: Session, one: Sealed, row: Mapping[str, Any]) -> tuple[Leaf, str]:
    """The leaf on which a row lies, and what the row is called there."""
    marks = of(session)

    def above(name: str, id_: int) -> int | None:
        if (name, id_) not in marks.above:
            marks.above[name, id_] = _above(session, name, id_)
        return marks.above[name, id_]

    found = leaf_of(one, row, above)
    return found, OWN if found[0] == one.name else one.key(row)


def _above(session: Session, name: str, id_: int) -> int | None:
    one = sealed(name)
    if one is None or one.up is None:
        return None
    [key] = one.table.primary_key.columns
    found: int | None = session.connection().execute(select(one.up).where(key == id_)).scalar()
    return found


def mark(session: Session, one: Sealed, row: Mapping[str, Any], made: type[Put] | type[Set] | type[Drop]) -> None:
    """Note that a row was written; it has the columns that name it, and those of its cells that were written."""
    where, key = leaf(session, one, row)
    of(session).told.append((where, _made(one, key, row, made)))


def _made(one: Sealed, key: str, row: Mapping[str, Any], made: type[Put] | type[Set] | type[Drop]) -> Mark:
    if made is Drop:
        return Drop(key)
    return Put(key, one.cells(row)) if made is Put else Set(key, _written(one, row))


def _written(one: Sealed, row: Mapping[str, Any]) -> Cells:
    known = {name: row[name] for name in one.writers if name in row}
    return {name: None if value is None else one.writers[name](value) for name, value in known.items()}


def grouped(marks: Marks) -> Iterator[tuple[Leaf, list[Mark]]]:
    """The marks of each leaf, in the order they were made."""
    found: dict[Leaf, list[Mark]] = {}
    for where, one in marks.told:
        found.setdefault(where, []).append(one)
    yield from found.items()
