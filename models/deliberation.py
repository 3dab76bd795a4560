"""Deliberation 协商: what a topic adds to its matter; publicity 公示: the days its result hangs out, and objections."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most, utcnow


class Deliberation(SQLModel, table=True):
    """The forum that takes the topic, and how weighty it was graded."""

    matter_id: int = Field(primary_key=True, foreign_key="matter.id")
    forum_id: int = Field(foreign_key="forum.id")
    grade: str | None = Field(default=None, max_length=16)
    parties: str = Field(default="", max_length=300)


class Publicity(SQLModel, table=True):
    """A result made public at a place from a first to a last day, both included."""

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="days_in_order"), at_most("location", 120))

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    starts_on: date
    ends_on: date = Field(index=True)
    location: str = Field(max_length=120)


class Objection(SQLModel, table=True):
    """An objection and its answer; the objector is a category, not a name."""

    __table_args__ = (at_most("text", 500), at_most("reply", 500))

    id: int = Field(default=None, primary_key=True)
    publicity_id: int = Field(foreign_key="publicity.id", index=True)
    category: str = Field(max_length=24)
    text: str = Field(max_length=500)
    at: datetime = Field(default_factory=utcnow)
    reply: str = Field(default="", max_length=500)
    replied_at: datetime | None = None
