"""Answer 评价: what a category of people said to one question about a matter: a follow-up, a verdict, a rating."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import utcnow

# Who raised a matter, and the questions of its follow-up: what the triggers of migrations/counting.py count.
REPORTER = "reporter"
RESIDENTS = "residents"
UNKNOWN = "unknown"
FOLLOW_UP = ("contacted", "resolved", "satisfaction")
_KEY: dict[str, Any] = {"autoincrement": False}


class Answer(SQLModel, table=True):
    """A word of a vocabulary (``value``) or a count (``number``); a question that was put and not answered: unknown.

    ``replaced`` is 0 as long as the answer stands. When a newer one takes its place, it gets the next number: 1 is the
    first that was given.
    """

    # The row lies in its key: triggers ask for the answer that stands with every change of a matter.
    __table_args__ = (
        CheckConstraint("(value IS NULL) <> (number IS NULL)", name="word_or_number"),
        CheckConstraint("number >= 0", name="number_positive"),
        CheckConstraint("replaced >= 0", name="replaced_positive"),
        {"sqlite_with_rowid": False},
    )

    matter_id: int = Field(primary_key=True, foreign_key="matter.id", sa_column_kwargs=_KEY)
    category: str = Field(primary_key=True, max_length=24)
    question: str = Field(primary_key=True, max_length=24)
    replaced: int = Field(default=0, primary_key=True, sa_column_kwargs=_KEY)
    value: str | None = Field(default=None, max_length=24)
    number: int | None = None
    at: datetime = Field(default_factory=utcnow)
