"""Seal 封签: what the program wrote into a matter and all that hangs on it, or into one other row, under the key."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from models.base import utcnow


class Seal(SQLModel, table=True):
    """The seal of the row ``of`` of the table ``kind``; ``held`` is the JSON of its cells and of those that hang on it.

    ``turn`` is the writing it was made in, so that an older seal of the same row is another one. ``mac`` covers it all.
    """

    # The row lies in its key: it is asked for by nothing else.
    __table_args__ = {"sqlite_with_rowid": False}

    kind: str = Field(primary_key=True, max_length=24)
    of: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    turn: int = Field(sa_type=BigInteger)
    held: str = Field(sa_type=Text)
    mac: str = Field(max_length=64)


class SealHead(SQLModel, table=True):
    """What keeps the seals together: ``head`` tells their number and sums, ``shape`` which columns they cover.

    A seal that was taken away with its row, or put back with it, is missing in the sums. ``at`` is when it began.
    """

    __tablename__ = "seal_head"

    name: str = Field(primary_key=True, max_length=8)
    turn: int = Field(sa_type=BigInteger)
    at: datetime = Field(default_factory=utcnow)
    told: str = Field(sa_type=Text)
    mac: str = Field(max_length=64)
