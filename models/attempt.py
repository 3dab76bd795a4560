"""Attempts 登录尝试: what the door remembers of wrong passwords: for minutes by name, for an hour by address."""

from sqlmodel import Field, SQLModel


class Attempt(SQLModel, table=True):
    """Attempts on a name that was typed, whether or not anybody has it; ``name`` is only its keyed digest."""

    name: str = Field(primary_key=True, max_length=32)
    failures: int
    failed_at: float = Field(index=True)
    locked_until: float


class AttemptCount(SQLModel, table=True):
    """Failed attempts of one hour from one address on one account, or on names that nobody has (no ``login``).

    ``hour`` counts from 1970.
    """

    __tablename__ = "attempt_count"

    hour: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    address: str = Field(primary_key=True, max_length=48)
    login: str = Field(primary_key=True, max_length=48)
    tries: int
