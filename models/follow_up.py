"""Follow-up 回访: what the person who raised a matter said when it was closed; the newest answer of each matter."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import utcnow


class FollowUp(SQLModel, table=True):
    """Whether the unit got in touch 响应, whether it is solved 解决, and how satisfied 满意 the person is.

    Answers not given are none. ``satisfaction`` is satisfied, basically or dissatisfied.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("satisfaction IN ('satisfied', 'basically', 'dissatisfied')", name="satisfaction_known"),
    )

    matter_id: int = Field(primary_key=True, foreign_key="matter.id", sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(default_factory=utcnow)
    contacted: bool | None = None
    resolved: bool | None = None
    satisfaction: str | None = Field(default=None, max_length=16)
