"""Audit line 审计: what happened outside any matter, in one chain; and changes of the setup, with what was before."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, utcnow


class AuditLine(SQLModel, table=True):
    """Who did what to what; ``digest`` covers the line and the line before."""

    __tablename__ = "audit_line"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(default_factory=utcnow, index=True)
    actor: str = Field(max_length=64)
    act: str = Field(max_length=32)
    subject: str = Field(default="", max_length=128)
    data: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    digest: str = Field(max_length=64)


class SetupChange(SQLModel, table=True):
    """One act on one row: added (``before`` is none), changed or closed. Both sides hold the columns that differ.

    ``path`` is that of the area it was about: whoever is responsible there reads it and may take it back.
    """

    __tablename__ = "setup_change"

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=utcnow, index=True)
    actor: str = Field(max_length=64)
    act: str = Field(max_length=16)
    kind: str = Field(max_length=16)
    row_id: int
    code: str = Field(max_length=48)
    name: str = Field(max_length=96)
    path: str = Field(max_length=255)
    reason: str = Field(default="", max_length=200)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    undone_at: datetime | None = None
    undone_by: str | None = Field(default=None, max_length=64)
