"""Meeting 会议: an occasion that deliberates: opinions, options and a tally that is entered twice."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from models.base import at_most, utcnow
from models.occasion import Occasion


class Meeting(SQLModel, table=True):
    """What a meeting adds to its occasion, which says when, where and how many came; and what was resolved."""

    __table_args__ = (at_most("resolution", 1000), CheckConstraint("expected >= 0", name="expected_positive"))

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    forum_id: int | None = Field(default=None, foreign_key="forum.id")
    occasion_id: int = Field(default=None, foreign_key="occasion.id", unique=True)
    notified_on: date | None = None
    expected: int = 0
    voting: bool = Field(default=True)
    parties_invited: bool = Field(default=False)
    resolution: str = Field(default="", max_length=1000)
    adopted_id: int | None = Field(default=None)
    ended_at: datetime | None = None
    occasion: Occasion = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})


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
