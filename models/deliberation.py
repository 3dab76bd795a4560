"""Deliberation 协商: what a topic adds to its matter, and the residents' verdict that ends the line."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import utcnow


class Deliberation(SQLModel, table=True):
    """The forum that takes the topic, and how weighty it was graded."""

    matter_id: int = Field(primary_key=True, foreign_key="matter.id")
    forum_id: int = Field(foreign_key="forum.id")
    grade: str | None = Field(default=None, max_length=16)
    parties: str = Field(default="", max_length=300)


class Verdict(SQLModel, table=True):
    """How many were asked and how many knew of it, took part and were satisfied (知晓、参与、满意). Counts only."""

    __table_args__ = (
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("aware BETWEEN 0 AND asked", name="aware_within"),
        CheckConstraint("took_part BETWEEN 0 AND asked", name="took_part_within"),
        CheckConstraint("satisfied BETWEEN 0 AND asked", name="satisfied_within"),
    )

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    at: datetime = Field(default_factory=utcnow, index=True)
    asked: int
    aware: int
    took_part: int
    satisfied: int
