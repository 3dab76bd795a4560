"""The head of the seals: how many there are of each kind, their sums, and which columns they cover, under the key."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlmodel import SQLModel

import models  # noqa: F401 - makes every table known
from services.system import hash_chain
from services.system.seals.book import Seal

_HEAD, _SHAPE = "head", "shape"
_PRIME = 2**255 - 19
_AGAIN = text("UPDATE seal_head SET turn = :turn, told = :told, mac = :mac WHERE name = :name")
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _table() -> Table:
    return SQLModel.metadata.tables["seal_head"]


@dataclass
class Sum:
    """The seals of one kind, added up: how many, their digests, and these times what they belong to.

    Both are remainders by a prime, so that the quotient of what is missing in them names the one it is missing of.
    """

    count: int = 0
    first: int = 0
    second: int = 0

    def add(self, seal: Seal, sign: int = 1) -> None:
        """Count a seal in, or out."""
        digest = int(seal.mac, 16) * sign
        self.count += sign
        self.first = (self.first + digest) % _PRIME
        self.second = (self.second + digest * seal.of) % _PRIME

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, (self.first + other.first) % _PRIME, (self.second + other.second) % _PRIME)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(self.count - other.count, (self.first - other.first) % _PRIME, (self.second - other.second) % _PRIME)

    def named(self) -> int | None:
        """What the one seal belongs to that makes up all of this difference; none where it must be several."""
        if not self.first:
            return None
        found = self.second * pow(self.first, -1, _PRIME) % _PRIME
        return found if found < 2**62 else None


@dataclass
class Head:
    """The sums of all kinds, since when, how many rows were sealed as they were found and why, and what is covered."""

    turn: int
    at: datetime
    sums: dict[str, Sum] = field(default_factory=dict)
    found: int = 0
    why: str = ""
    shape: str = ""
    sound: bool = True

    def add(self, seal: Seal, sign: int = 1) -> None:
        """Count a seal in, or out."""
        self.sums.setdefault(seal.kind, Sum()).add(seal, sign)

    def text(self) -> str:
        """What it tells, as it is kept."""
        sums = {kind: [one.count, f"{one.first:x}", f"{one.second:x}"] for kind, one in self.sums.items()}
        return _WRITTEN.encode({"sums": sums, "found": self.found, "why": self.why, "shape": self.shape})


def head(connection: Connection, *, lock: bool = False) -> Head | None:
    """The head; none where there is none. Whoever is going to write takes it for this transaction alone."""
    row = _named(connection, _HEAD, lock)
    if row is None:
        return None
    try:
        told = json.loads(row.told)
        sums = {kind: Sum(count, int(one, 16), int(other, 16)) for kind, (count, one, other) in told["sums"].items()}
        sound = row.mac == _proof(_HEAD, row.turn, row.at, row.told)
        return Head(row.turn, row.at, sums, told["found"], told["why"], told["shape"], sound)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Head(row.turn, row.at, sound=False)


def covered(connection: Connection, of: Head) -> dict[str, list[str]] | None:
    """Which columns the seals cover, by table; none where that was changed without the program."""
    row = _named(connection, _SHAPE)
    sound = row is not None and row.mac == of.shape == _proof(_SHAPE, row.turn, row.at, row.told)
    found: dict[str, list[str]] | None = json.loads(row.told) if row is not None and sound else None
    return found


def cover(connection: Connection, of: Head, shape: dict[str, list[str]]) -> None:
    """Say from now on that the seals cover these columns; the head must be saved after."""
    of.shape = _save(connection, _SHAPE, of.turn, of.at, _WRITTEN.encode(shape))


def save(connection: Connection, kept: Head) -> None:
    """Write the head."""
    _save(connection, _HEAD, kept.turn, kept.at, kept.text())


def _save(connection: Connection, name: str, turn: int, at: datetime, told: str) -> str:
    values = {"name": name, "turn": turn, "told": told, "mac": _proof(name, turn, at, told)}
    if connection.execute(_AGAIN, values).rowcount == 0:
        connection.execute(insert(_table()).values({**values, "at": at}))
    return str(values["mac"])


def _named(connection: Connection, name: str, lock: bool = False) -> Any:
    return connection.execute(_asked(lock and connection.dialect.name == "postgresql"), {"name": name}).first()


@lru_cache(maxsize=2)
def _asked(lock: bool) -> Any:
    query = text("SELECT turn, at, told, mac FROM seal_head WHERE name = :name" + (" FOR UPDATE" if lock else ""))
    return query.columns(*(_table().c[name] for name in ("turn", "at", "told", "mac")))


def _proof(name: str, turn: int, at: datetime, told: str) -> str:
    return hash_chain.digest("seal head", name, turn, at.isoformat(), told)


def strays(connection: Connection, proved: int) -> int:
    """How many rows there are in the two tables beside ``proved`` seals, the head and the shape."""
    tables = (SQLModel.metadata.tables["seal"], _table())
    counts = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    return sum(counts) - proved - 2
