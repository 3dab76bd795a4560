"""Party 参与方: who takes part in a matter besides those who keep it, in which part, and how that went."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most

_GIVEN = "CASE WHEN {} IS NULL THEN 0 ELSE 1 END"
_WHO = " + ".join(_GIVEN.format(name) for name in ("organisation_id", "office_id", "category"))
_RATINGS = "('satisfied', 'basically', 'dissatisfied')"


class Party(SQLModel, table=True):
    """One organisation, office or category of people in one part of a matter; never a person.

    ``attended`` is none until somebody has looked. ``rating_given`` is theirs of how the matter was led,
    ``rating_received`` is that of what they did. ``left_at`` is when they declined or left, ``reason`` why.
    """

    __table_args__ = (
        CheckConstraint(f"{_WHO} = 1", name="one_of_three"),
        # An empty cell equals no other: each of these only binds the rows of its own kind.
        UniqueConstraint("organisation_id", "matter_id", "part"),
        UniqueConstraint("office_id", "matter_id", "part"),
        UniqueConstraint("category", "matter_id", "part"),
        CheckConstraint(f"rating_given IN {_RATINGS}", name="rating_given_known"),
        CheckConstraint(f"rating_received IN {_RATINGS}", name="rating_received_known"),
        at_most("answer", 500),
        at_most("reason", 500),
    )

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    office_id: int | None = Field(default=None, foreign_key="office.id")
    category: str | None = Field(default=None, max_length=24)
    part: str = Field(max_length=24)
    invited_at: datetime
    signed_at: datetime | None = None
    attended: bool | None = None
    answer: str = Field(default="", max_length=500)
    answered_at: datetime | None = None
    rating_given: str | None = Field(default=None, max_length=16)
    rating_received: str | None = Field(default=None, max_length=16)
    left_at: datetime | None = None
    reason: str = Field(default="", max_length=500)
