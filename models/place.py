"""Place 地方 and what stands in it: forums, venues, offices."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Place(SQLModel, table=True):
    """One loaded place: a root area, the pack it came from and the prefix of its numbers."""

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=64)
    prefix: str = Field(max_length=8, unique=True)
    area_id: int = Field(foreign_key="area.id", unique=True)
    sample: bool = Field(default=False)


class Forum(SQLModel, table=True):
    """Forum 议事平台: a standing place to deliberate, with the rules it runs under."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=64)
    area_id: int = Field(foreign_key="area.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    ruleset: str = Field(max_length=32)
    expected: int | None = Field(default=None)
    description: str = Field(default="", max_length=300)
    sample: bool = Field(default=False)
    closed_at: datetime | None = None


class Venue(SQLModel, table=True):
    """Venue 阵地: a place with a door where people meet; on the map once its point is known.

    ``state`` is planned, building, open or closed. ``hours`` are as they were written; words that can be read are
    those of ``data/opening_words.csv``.
    """

    __table_args__ = (CheckConstraint("state IN ('planned', 'building', 'open', 'closed')", name="state_known"),)

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=64)
    kind: str = Field(max_length=32)
    area_id: int = Field(foreign_key="area.id", index=True)
    lng: float | None = None
    lat: float | None = None
    capacity: int | None = None
    hours: str = Field(default="", max_length=64)
    state: str = Field(default="open", max_length=16, sa_column_kwargs={"server_default": "open"})
    sample: bool = Field(default=False)
    closed_at: datetime | None = None


class Office(SQLModel, table=True):
    """Office 岗位: a post, named by its title; the person in it is not the product's business."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    title: str = Field(max_length=64)
    kind: str = Field(max_length=32)
    area_id: int = Field(foreign_key="area.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    filled: bool = Field(default=True)
    households: int | None = None
    sample: bool = Field(default=False)
    closed_at: datetime | None = None
