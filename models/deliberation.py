"""Deliberation 协商: what a topic adds to its matter."""

from sqlmodel import Field, SQLModel


class Deliberation(SQLModel, table=True):
    """The forum that takes the topic, and how weighty it was graded."""

    matter_id: int = Field(primary_key=True, foreign_key="matter.id")
    forum_id: int = Field(foreign_key="forum.id")
    grade: str | None = Field(default=None, max_length=16)
    parties: str = Field(default="", max_length=300)
