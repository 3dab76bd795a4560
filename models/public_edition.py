"""Public edition 公开数字期: the rounded counts that the public is told for a week."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, utcnow


class PublicEdition(SQLModel, table=True):
    """What the public is told of one flow at and below one area, from ``week`` (a Monday) until the next.

    ``cells`` holds for each kind of case and each area how many are public and how many, rounded, are not; it never
    holds a true count of those. ``salt`` is the secret by which they were rounded, the same in every edition.
    """

    __tablename__ = "public_edition"
    __table_args__ = (UniqueConstraint("area_id", "flow", "week"),)

    id: int = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id")
    flow: str = Field(max_length=16)
    week: date
    at: datetime = Field(default_factory=utcnow)
    period: str = Field(max_length=8)
    salt: str = Field(max_length=32)
    cells: dict[str, Any] = Field(sa_type=JSON_TYPE)
