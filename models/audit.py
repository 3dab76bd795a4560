"""Audit line 审计: what happened outside any matter: sign-ins, accounts, imports, backups. One chain."""

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
