"""Item 资源: what an organisation offers or lends, and its uses 占用: from when to when, and how much of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import at_most


class Item(SQLModel, table=True):
    """A service, a thing or a room of an organisation; ``capacity`` of it can be in use at one time.

    ``instance`` names the very piece, where there is one. ``hours`` says when it is open; ``venue_id`` where it is
    offered. One that was withdrawn is off, and can be put on again.
    """

    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 99999", name="capacity_range"),
        CheckConstraint("length(name) >= 1", name="name_present"),
        at_most("name", 64),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    venue_id: int | None = Field(default=None, foreign_key="venue.id", index=True)
    kind: str = Field(max_length=32, index=True)
    name: str = Field(max_length=64)
    instance: str = Field(default="", max_length=48)
    capacity: int = Field(default=1)
    hours: str = Field(default="", max_length=64)
    lng: float | None = None
    lat: float | None = None
    withdrawn_at: datetime | None = None
    sample: bool = Field(default=False)


class ItemUse(SQLModel, table=True):
    """A use 占用 of ``quantity`` of an item for a matter, both times known; the end itself is free again.

    ``state`` is asked, approved, returned or refused. Approved uses never exceed the item's capacity.
    """

    __tablename__ = "item_use"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'returned', 'refused')", name="state_known"),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint("quantity BETWEEN 1 AND 99999", name="quantity_range"),
        Index("ix_item_use_item_id_state_ends_at", "item_id", "state", "ends_at"),
    )

    id: int = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id")
    matter_id: int = Field(foreign_key="matter.id", index=True)
    starts_at: datetime
    ends_at: datetime
    quantity: int = Field(default=1)
    state: str = Field(default="asked", max_length=16)
    decided_at: datetime | None = None
    returned_at: datetime | None = None
