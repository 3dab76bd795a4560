"""Sealed tables: which columns a seal covers, and on which leaf a row lies; told by the models and data/seals.csv.

A leaf is what one seal covers: a matter with everything that hangs on it, or one row of another table.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, Integer, Table
from sqlmodel import SQLModel

import models  # noqa: F401 - makes every table known
from services.system.data_files import rows
from services.system.seals.cells import Cell, Write, writer

Leaf = tuple[str, int]
Cells = dict[str, Cell]
ROOT = "matter"
_ALL = "*"


@dataclass(frozen=True)
class Sealed:
    """One sealed table. ``up`` is the foreign key that leads up to a matter; ``keys`` name a row on its leaf.

    Where ``up`` is empty, or there is none, the row is a leaf by itself.
    """

    table: Table
    up: Column[Any] | None
    keys: tuple[str, ...]
    writers: dict[str, Write]
    defaults: Cells

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

    @property
    def direct(self) -> bool:
        """Whether its rows point to a matter themselves."""
        return self.up is not None and _target(self.up).name == ROOT

    def key(self, row: Mapping[str, Any]) -> str:
        """What a row is called on the leaf of something else."""
        return f"{self.name}:" + ",".join(str(row[name]) for name in self.keys)

    def of(self, row: Mapping[str, Any]) -> int:
        """What a row is called as a leaf: its id, or a number made from its name."""
        held = [row[column.name] for column in self.table.primary_key.columns]
        if len(held) == 1 and isinstance(held[0], int):
            return held[0]
        return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, held)).encode(), digest_size=7).digest())

    def cells(self, row: Mapping[str, Any]) -> Cells:
        """The cells of a row, or of as many columns as it has; what is empty is left out."""
        found: Cells = {}
        for name, write in self.writers.items():
            value = row.get(name)
            if value is not None and (cell := write(value)) is not None:
                found[name] = cell
        return found

    def new(self, row: Mapping[str, Any]) -> Cells:
        """The cells of a row that is put past the objects: what it doesn't say is the default of its column."""
        return {name: cell for name, cell in self.defaults.items() if name not in row} | self.cells(row)

    @property
    def numbered(self) -> bool:
        """Whether its leaves are called by the ids of their rows."""
        held = list(self.table.primary_key.columns)
        return len(held) == 1 and isinstance(held[0].type, Integer)


def sealed(name: str) -> Sealed | None:
    """How the table of this name is sealed; none where it is proved otherwise, or not at all."""
    return _known().get(name)


def every() -> Iterator[Sealed]:
    """All sealed tables."""
    yield from _known().values()


def kinds() -> list[Sealed]:
    """The tables whose rows may be leaves."""
    return [one for one in every() if one.up is None or one.up.nullable]


def under(kind: Sealed) -> tuple[Sealed, ...]:
    """The tables whose rows may hang on a leaf of this kind."""
    return _under(kind.name)


@cache
def _under(kind: str) -> tuple[Sealed, ...]:
    return tuple(one for one in every() if one.name != kind and kind in map(_name, _chain(one)))


def _name(table: Table) -> str:
    return table.name


def _chain(one: Sealed) -> Iterator[Table]:
    up = one.up
    while up is not None:
        yield _target(up)
        up = _up(_target(up))


def shape() -> dict[str, list[str]]:
    """The columns that seals cover, by table."""
    return {one.name: sorted(one.writers) for one in every()}


def exceptions() -> dict[tuple[str, str], str]:
    """How each column is proved that no seal covers, by table and column; ``*`` is a whole table."""
    return {(row["table"], row["column"]): row["how"] for row in rows("seals.csv")}


@lru_cache(maxsize=1)
def _known() -> dict[str, Sealed]:
    left_out = exceptions()
    tables = (table for table in SQLModel.metadata.sorted_tables if (table.name, _ALL) not in left_out)
    return {table.name: _sealed(table, left_out) for table in tables}


def _sealed(table: Table, left_out: Mapping[tuple[str, str], str]) -> Sealed:
    up, held = _up(table), [column.name for column in table.primary_key.columns]
    direct = up is not None and _target(up).name == ROOT
    keys = tuple(name for name in held if not (direct and up is not None and name == up.name))
    implied = {up.name} if direct and up is not None else set()
    named = keys if up is not None or len(held) > 1 else [name for name in held if _is_id(table.c[name])]
    covered = [c for c in table.c if c.name not in {*implied, *named} and (table.name, c.name) not in left_out]
    writers = {column.name: writer(column) for column in covered}
    return Sealed(table, up, keys, writers, _defaults(covered, writers))


def _defaults(columns: list[Column[Any]], writers: dict[str, Write]) -> Cells:
    given = {c.name: c.default.arg for c in columns if c.default is not None and c.default.is_scalar}  # type: ignore[attr-defined]
    return {name: cell for name, value in given.items() if (cell := writers[name](value)) is not None}


def _is_id(column: Column[Any]) -> bool:
    return isinstance(column.type, Integer)


def _up(table: Table) -> Column[Any] | None:
    """The first foreign key to a matter, or else to what has one itself."""
    if table.name == ROOT:
        return None
    links = [column for column in table.c if column.foreign_keys and _target(column) is not table]
    direct = (column for column in links if _target(column).name == ROOT)
    beyond = (column for column in links if _up(_target(column)) is not None)
    return next(direct, None) if any(_target(c).name == ROOT for c in links) else next(beyond, None)


def _target(column: Column[Any]) -> Table:
    [key] = column.foreign_keys
    return key.column.table


Above = Callable[[str, int], int | None]


def leaf_of(one: Sealed, row: Mapping[str, Any], above: Above) -> Leaf:
    """The leaf on which a row lies; ``above(table, id)`` tells where the row of a table points up to, if anywhere."""
    pointed = row[one.up.name] if one.up is not None else None
    if one.up is None or pointed is None:
        return one.name, one.of(row)
    parent = _target(one.up)
    while parent.name != ROOT and (higher := above(parent.name, pointed)) is not None:
        parent, pointed = _target(_known()[parent.name].up), higher  # type: ignore[arg-type]
    return parent.name, int(pointed)
