"""Occasion 场次: something that is held at a time and a place, and how many of each category came."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most


class Occasion(SQLModel, table=True):
    """One sitting, activity, duty or visit of a matter, or of a venue alone; those of a row share their ``series``.

    ``ends_at`` is when it is planned to end. ``place`` says in words where, beside or without a venue.
    """

    __table_args__ = (
        CheckConstraint("matter_id IS NOT NULL OR venue_id IS NOT NULL", name="of_something"),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        at_most("series", 48),
        at_most("place", 120),
        at_most("plan", 500),
    )

    id: int = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    venue_id: int | None = Field(default=None, foreign_key="venue.id", index=True)
    series: str = Field(default="", max_length=48)
    starts_at: datetime = Field(index=True)
    ends_at: datetime | None = None
    place: str = Field(default="", max_length=120)
    plan: str = Field(default="", max_length=500)
    called_off_at: datetime | None = None


class Headcount(SQLModel, table=True):
    """How many of one category were present. A count, not a roll."""

    __table_args__ = (CheckConstraint("present BETWEEN 0 AND 9999", name="present_range"),)

    occasion_id: int = Field(primary_key=True, foreign_key="occasion.id", sa_column_kwargs={"autoincrement": False})
    category: str = Field(primary_key=True, max_length=24)
    present: int
