"""Estates 小区: which bodies the kind of an estate needs, which of them are there, and which are missing.

Which kind needs which bodies stands in ``data/estate_bodies.csv``: organisations of a kind, or posts of a kind that
are filled, at the estate or below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Organisation
from models.place import Office
from services.places import areas
from services.places.areas import within
from services.registers import rollup
from services.system.data_files import rows
from services.words import vocabulary

LEVEL = "estate"


@dataclass(frozen=True)
class Body:
    """A body that a kind of estate needs: an organisation or an office, of a kind; with evidence mark and source."""

    register: str
    kind: str
    mark: str
    source: str


@dataclass(frozen=True)
class Estate:
    """An estate and how many of each body that its kind needs are there."""

    area: Area
    bodies: tuple[tuple[Body, int], ...]

    @property
    def missing(self) -> tuple[Body, ...]:
        """The bodies of which there is none."""
        return tuple(body for body, count in self.bodies if not count)

    @property
    def standing(self) -> str:
        """Complete, missing, or unknown where the kind of the estate isn't entered."""
        if not self.bodies:
            return "unknown"
        return "missing" if self.missing else "complete"


@lru_cache
def needed() -> Mapping[str, tuple[Body, ...]]:
    """The bodies that each kind of estate needs, in the order of the table."""
    found: dict[str, list[Body]] = {}
    for row in rows("estate_bodies.csv"):
        found.setdefault(row["estate"], []).append(Body(row["register"], row["kind"], row["mark"], row["source"]))
    return {kind: tuple(bodies) for kind, bodies in found.items()}


def estates(session: Session, path: str) -> list[Estate]:
    """The estates at or below ``path`` with their bodies, gaps first."""
    found = areas.descend(session, path, LEVEL)
    there = {register: rollup.gathered(found, _placed(session, path, register)) for register in _TABLES}
    told = [_estate(area, {register: kinds[area.id] for register, kinds in there.items()}) for area in found]
    order = vocabulary.codes("bodies")
    return sorted(told, key=lambda one: (order.index(one.standing), -len(one.missing)))


def estate(session: Session, area: Area) -> Estate | None:
    """An area's bodies, if it is an estate."""
    return next(iter(estates(session, area.path)), None) if area.level == LEVEL else None


_TABLES: dict[str, tuple[Any, ColumnElement[bool]]] = {
    "organisation": (Organisation, true()),
    "office": (Office, col(Office.filled).is_(True)),
}


def _placed(session: Session, path: str, register: str) -> Sequence[tuple[str, str]]:
    table, counts = _TABLES[register]
    query = select(Area.path, table.kind).join(Area, col(Area.id) == table.area_id)
    return session.exec(query.where(within(path), counts, table.closed_at.is_(None))).all()


def _estate(area: Area, there: Mapping[str, list[str]]) -> Estate:
    wanted = needed().get(area.kind or "", ())
    return Estate(area, tuple((body, there[body.register].count(body.kind)) for body in wanted))
