"""Entries: rows that can be imported, in our own terms, small enough to lie on the disk between the two passes."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any


@dataclass(slots=True)
class MatterEntry:
    """A row of a ledger. ``cells`` are its own words, kept in its event; ``title`` may leave the area's name open.

    ``category`` is a code, or ``+`` and a word that becomes a category of the place's own. ``names`` are areas from
    the widest level to the narrowest. ``area_id`` is where the point lies, -1 outside everything or without a point.
    """

    line: int
    ref: str
    digest: str
    title: str
    description: str
    category: str | None
    source: str
    state: str
    is_open: bool
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    names: list[tuple[str, str]]
    location: str
    lng: float | None
    lat: float | None
    unit: str
    public: bool
    reworks: int
    note: str
    follow_up: tuple[bool | None, bool | None, str | None] | None
    cells: dict[str, str]
    area_id: int = -1

    def __reduce__(self) -> tuple[Any, ...]:
        # Written and read again a million times: as a plain tuple, not attribute by attribute.
        return MatterEntry, _VALUES(self)


_VALUES = attrgetter(*(field.name for field in fields(MatterEntry)))
