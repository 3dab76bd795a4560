"""Account 账号 of a member of staff, the sign-ins that keep it in, and what the door remembers of wrong tries."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import utcnow


class Account(SQLModel, table=True):
    """Who may sign in, in which role, for which area and everything below it (none: everywhere).

    ``must_change``: somebody else knows the password, so it opens nothing but the page to choose another. ``code`` is
    the digest of a one-time code in its place; without ``code_until`` it has been used.
    """

    id: int = Field(default=None, primary_key=True)
    login: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=64)
    role: str = Field(max_length=16)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    password: str | None = Field(default=None, max_length=255)
    subject: str | None = Field(default=None, max_length=255, unique=True)
    language: str = Field(default="zh_CN", max_length=8)
    active: bool = Field(default=True)
    demo: bool = Field(default=False)
    must_change: bool = Field(default=False)
    code: str | None = Field(default=None, max_length=64)
    code_until: datetime | None = None


class SignIn(SQLModel, table=True):
    """A live sign-in. Only the digest of its token is stored; revoking the row ends it at the next click."""

    __tablename__ = "sign_in"

    digest: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=utcnow)
    seen_at: datetime = Field(default_factory=utcnow)
    expires_at: datetime
    revoked: bool = Field(default=False)
    browser: str = Field(default="", max_length=32)


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
