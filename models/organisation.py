"""Organisation 组织: the second tree: party organisations, units, property companies, social organisations.

Beside it stand who belongs to a body (membership 成员关系) and what is on file of it (filing 备案).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most

_GIVEN = "CASE WHEN {} IS NULL THEN 0 ELSE 1 END"
_WHO = " + ".join(_GIVEN.format(name) for name in ("member_id", "office_id"))


class Organisation(SQLModel, table=True):
    """A body that can be responsible for a matter, host a forum or hold an office."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=96, index=True)
    kind: str = Field(max_length=32)
    path: str = Field(max_length=255, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    sample: bool = Field(default=False)
    closed_at: datetime | None = None


class Membership(SQLModel, table=True):
    """An organisation or a post that belongs to a body from ``joined_on`` until ``left_on``; never a person.

    A post that belongs to another body than its own is a cross-appointment 交叉任职.
    """

    __table_args__ = (
        CheckConstraint(f"{_WHO} = 1", name="one_of_two"),
        CheckConstraint("member_id <> organisation_id", name="not_itself"),
        CheckConstraint("left_on >= joined_on", name="days_in_order"),
        UniqueConstraint("organisation_id", "member_id", "joined_on"),
        UniqueConstraint("organisation_id", "office_id", "joined_on"),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    member_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    office_id: int | None = Field(default=None, foreign_key="office.id", index=True)
    joined_on: date
    left_on: date | None = None
    sample: bool = Field(default=False)


class Filing(SQLModel, table=True):
    """The filing of one organisation; ``reviewed_on`` is the day of its last yearly review 年审, if there was one."""

    __table_args__ = (
        CheckConstraint("reviewed_on >= filed_on", name="days_in_order"),
        at_most("number", 48),
        at_most("serves", 200),
    )

    organisation_id: int = Field(
        primary_key=True, foreign_key="organisation.id", sa_column_kwargs={"autoincrement": False}
    )
    number: str = Field(default="", max_length=48)
    filed_on: date
    reviewed_on: date | None = None
    serves: str = Field(default="", max_length=200)
    sample: bool = Field(default=False)
