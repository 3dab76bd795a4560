"""Sketches: the seals of very many new rows, all but finished before the turn to write."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlmodel import Session

from services.system.seals import book, settling
from services.system.seals import marks as noted
from services.system.seals.book import OWN, Held, Seal
from services.system.seals.head import Sum
from services.system.seals.tables import sealed

_BEGINS = book.written({OWN: {}})[:-3]
Hanging = Mapping[str, list[dict[str, Any]]]


class Unsealed(NamedTuple):
    """A new row: its id, the cells that were not known when its seal was sketched, and the sketch."""

    of: int
    late: tuple[Any, ...]
    sketch: str


def sketch(name: str, row: dict[str, Any], hanging: Hanging) -> str:
    """What is known of the seal of a new row of a table, and of what hangs on it. It has cells of its own already."""
    kind = sealed(name)
    assert kind is not None
    held: Held = {OWN: kind.new(row)}
    for below, others in hanging.items():
        one = sealed(below)
        held |= {one.key(other): one.new(other) for other in others} if one is not None else {}
    return book.written(held)


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
