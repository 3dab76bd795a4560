"""The book of seals: made, proved, read and written."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, TextClause, select, text
from sqlmodel import SQLModel

import models  # noqa: F401 - makes every table known
from services.system import hash_chain
from services.system.seals.cells import Cell
from services.system.seals.tables import Cells, Leaf

T = TypeVar("T")
Held = dict[str, Cells]
# What a row is called on the leaf that is its own.
OWN = ""
_AT_ONCE = 400
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


# Written out: every change of anything runs one of each, and building them anew takes longer than running them.
_ONE = text("SELECT kind, of, turn, held, mac FROM seal WHERE kind = :kind AND of = :of")
_NEXT = text("SELECT kind, of, turn, held, mac FROM seal WHERE kind = :kind AND of > :of ORDER BY of LIMIT :limit")
_NEW = text("INSERT INTO seal (kind, of, turn, held, mac) VALUES (:kind, :of, :turn, :held, :mac)")
_OTHER = text("UPDATE seal SET turn = :turn, held = :held, mac = :mac WHERE kind = :kind AND of = :of")
_GONE = text("DELETE FROM seal WHERE kind = :kind AND of = :of")


def _table() -> Table:
    return SQLModel.metadata.tables["seal"]


@dataclass
class Seal:
    """A seal as it stands in its table."""

    kind: str
    of: int
    turn: int
    text: str
    mac: str

    @property
    def held(self) -> Held:
        """What it holds: the cells of each row, by what the row is called on its leaf."""
        found: Held = json.loads(self.text)
        return found

    @property
    def sound(self) -> bool:
        """Whether it is as the program wrote it."""
        return self.mac == _mac(self.kind, self.of, self.turn, self.text)

    def row(self) -> dict[str, Any]:
        """Its row."""
        return {"kind": self.kind, "of": self.of, "turn": self.turn, "held": self.text, "mac": self.mac}


def make(leaf: Leaf, turn: int, held: Held) -> Seal:
    """Seal what lies on a leaf."""
    return sealed(leaf, turn, written(held))


def written(held: Mapping[str, Cells] | Mapping[str, Cell]) -> str:
    """What lies on a leaf, or in a row, as a seal holds it."""
    return _WRITTEN.encode(held)


def sealed(leaf: Leaf, turn: int, told: str) -> Seal:
    """Seal what lies on a leaf, as it is ``written``."""
    kind, of = leaf
    return Seal(kind, of, turn, told, _mac(kind, of, turn, told))


def _mac(kind: str, of: int, turn: int, text: str) -> str:
    return hash_chain.mac(f"seal {kind} {of} {turn} {text}")


def parts(values: list[T]) -> Iterator[list[T]]:
    """As many at a time as one statement takes."""
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


def seals(connection: Connection, leaves: Iterable[Leaf]) -> dict[Leaf, Seal]:
    """The seals of these leaves, as far as there are any."""
    by_kind: dict[str, list[int]] = {}
    for kind, of in leaves:
        by_kind.setdefault(kind, []).append(of)
    some = ((kind, part) for kind, ids in by_kind.items() for part in parts(ids))
    return {(seal.kind, seal.of): seal for kind, part in some for seal in _some(connection, kind, part)}


def _some(connection: Connection, kind: str, ids: Sequence[int]) -> Iterator[Seal]:
    if len(ids) == 1:
        found = connection.execute(_ONE, {"kind": kind, "of": ids[0]})
    else:
        found = connection.execute(select(*_columns()).where(_table().c.kind == kind, _table().c.of.in_(ids)))
    for row in found:
        yield Seal(*row)


def after(connection: Connection, kind: str, of: int, limit: int) -> list[Seal]:
    """The next seals of a kind."""
    return [Seal(*row) for row in connection.execute(_NEXT, {"kind": kind, "of": of, "limit": limit})]


def _columns() -> list[Any]:
    return [_table().c[name] for name in ("kind", "of", "turn", "held", "mac")]


def insert_all(connection: Connection, made: list[Seal]) -> None:
    """Write seals of what had none."""
    _each(connection, _NEW, made)


def replace_all(connection: Connection, made: list[Seal]) -> None:
    """Write seals in the place of those there were."""
    _each(connection, _OTHER, made)


def remove_all(connection: Connection, gone: list[Seal]) -> None:
    """Take seals away with what they belonged to."""
    _each(connection, _GONE, gone)


def _each(connection: Connection, statement: TextClause, some: list[Seal]) -> None:
    for part in parts(some):
        connection.execute(statement, [seal.row() for seal in part])
