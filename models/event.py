"""Event 事件: append-only, one row per thing that happened to a matter, hash-chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, at_most, utcnow


class Event(SQLModel, table=True):
    """What happened, who did it, from which state to which; ``digest`` covers it and the event before."""

    __table_args__ = (UniqueConstraint("matter_id", "seq"), at_most("note", 2000))

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id")
    seq: int
    at: datetime = Field(default_factory=utcnow, index=True)
    actor_id: int | None = Field(default=None, foreign_key="account.id")
    actor: str = Field(max_length=64, index=True)
    action: str = Field(max_length=24)
    from_state: str | None = Field(default=None, max_length=24)
    to_state: str | None = Field(default=None, max_length=24)
    note: str = Field(default="", max_length=2000)
    data: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    digest: str = Field(max_length=64)

    def by(self, account_id: int | None, name: str) -> bool:
        """Whether this person wrote it: the account, or the name where the program itself acted, which has none."""
        return self.actor_id == account_id if self.actor_id or account_id else self.actor == name
