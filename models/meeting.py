"""Meeting 会议: attendance by category, opinions, options and a tally that is entered twice."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import at_most, utcnow


class Meeting(SQLModel, table=True):
    """One sitting on one topic: who was expected, and the sentence that was resolved."""

    __table_args__ = (at_most("resolution", 1000), CheckConstraint("expected >= 0", name="expected_positive"))

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    forum_id: int = Field(foreign_key="forum.id")
    venue_id: int | None = Field(default=None, foreign_key="venue.id")
    starts_at: datetime = Field(index=True)
    notified_on: date | None = None
    expected: int = 0
    voting: bool = Field(default=True)
    parties_invited: bool = Field(default=False)
    resolution: str = Field(default="", max_length=1000)
    adopted_id: int | None = Field(default=None)
    ended_at: datetime | None = None


class Attendance(SQLModel, table=True):
    """How many of one category were present. A count, not a roll."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "category"),
        CheckConstraint("present BETWEEN 0 AND 9999", name="present_range"),
    )

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    category: str = Field(max_length=24)
    present: int


class Opinion(SQLModel, table=True):
    """What was said, by which category of participant."""

    __table_args__ = (at_most("text", 500),)

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    category: str = Field(max_length=24)
    text: str = Field(max_length=500)
    at: datetime = Field(default_factory=utcnow)


class Option(SQLModel, table=True):
    """A choice put to the meeting; an abstention is an option that cannot be adopted."""

    __table_args__ = (at_most("title", 120),)

    id: int = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    seq: int
    title: str = Field(max_length=120)
    abstain: bool = Field(default=False)


class Tally(SQLModel, table=True):
    """Votes for one option through one channel, as one of the two counters counted them."""

    __table_args__ = (
        UniqueConstraint("option_id", "channel", "counter"),
        CheckConstraint("votes BETWEEN 0 AND 99999", name="votes_range"),
        CheckConstraint("counter IN (1, 2)", name="counter_known"),
    )

    id: int = Field(default=None, primary_key=True)
    option_id: int = Field(foreign_key="option.id")
    channel: str = Field(max_length=16)
    counter: int
    votes: int
