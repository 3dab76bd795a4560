"""Clause 条款: one sentence of an agreement, a covenant or a plan that can be kept or broken."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most


class Clause(SQLModel, table=True):
    """The clause ``seq`` of a matter as it reads now; ``version`` counts its wordings, the chain keeps the old ones.

    ``state`` is open, fulfilled, broken or dropped. ``evidence`` says how one sees it, ``cites`` what it rests on.
    """

    __table_args__ = (
        UniqueConstraint("matter_id", "seq"),
        CheckConstraint("state IN ('open', 'fulfilled', 'broken', 'dropped')", name="state_known"),
        CheckConstraint("length(text) >= 1", name="text_present"),
        at_most("text", 500),
        at_most("evidence", 500),
        at_most("cites", 200),
    )

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    seq: int
    text: str = Field(max_length=500)
    version: int = Field(default=1)
    due: date | None = Field(default=None, index=True)
    state: str = Field(default="open", max_length=16)
    fulfilled_at: datetime | None = None
    evidence: str = Field(default="", max_length=500)
    cites: str = Field(default="", max_length=200)
