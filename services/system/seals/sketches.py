"""Sketches: the seals of very many new rows, all but finished before the turn to write."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlmodel import Session

from services.system.seals import book, settling
from services.system.seals import marks as noted
from services.system.seals.book import OWN, Seal
from services.system.seals.head import Sum
from services.system.seals.tables import Cells, sealed

_BEGINS = book.written({OWN: {}})[:-3]
Row = Mapping[str, Any]


class Unsealed(NamedTuple):
    """A new row: its id, the cells that were not known when its seal was sketched, and the sketch."""

    of: int
    late: tuple[Any, ...]
    sketch: str


class Sketcher:
    """Sketches the seals of new rows of a table, all with the same columns: ``same`` are alike in all of them.

    ``rest`` are the columns that each row tells, ``late`` those that are told to ``enter``. What no one tells is empty,
    or the default of its column.
    """

    def __init__(self, name: str, same: Row, rest: Sequence[str], late: Sequence[str] = ()) -> None:
        kind = sealed(name)
        assert kind is not None
        self._kind, self._same = kind, same
        self._writers = [(column, kind.writers[column]) for column in rest if column in kind.writers]
        told = dict.fromkeys((*rest, *late))
        self._alike = {column: cell for column, cell in kind.new({**told, **same}).items() if column not in told}

    def key(self, row: Row) -> str:
        """What a row is called on the leaf on which it hangs."""
        return self._kind.key({**self._same, **row})

    def cells(self, row: Row) -> Cells:
        """Its cells, as far as they are known."""
        found = dict(self._alike)
        for column, write in self._writers:
            value = row[column]
            if value is not None and (cell := write(value)) is not None:
                found[column] = cell
        return found

    def sketch(self, row: Row, below: "Sketcher", hanging: list[dict[str, Any]]) -> str:
        """What is known of the seal of a row, and of what hangs on it."""
        return book.written({OWN: self.cells(row)} | {below.key(one): below.cells(one) for one in hanging})


def enter(session: Session, name: str, late: list[str], rows: Iterable[Unsealed]) -> list[Seal]:
    """Finish the seals of new rows by their ``late`` cells, to be put; none under a head that proves nothing."""
    kind, turn = sealed(name), settling.turn_of(session)
    assert kind is not None
    if not turn:
        return []
    writers = [(column, kind.writers[column]) for column in late]
    fresh, made = noted.of(session).fresh.setdefault(name, Sum()), []
    for row in rows:
        cells = {
            column: cell
            for (column, write), value in zip(writers, row.late, strict=True)
            if value is not None and (cell := write(value)) is not None
        }
        text = f"{_BEGINS}{book.written(cells)[:-1]},{row.sketch[len(_BEGINS) + 1 :]}"
        seal = book.sealed((name, row.of), turn, text)
        fresh.add(seal)
        made.append(seal)
    return made
