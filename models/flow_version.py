"""Flow version 流程版本: the rows of a flow as they stood while matters ran by them."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, utcnow


class FlowVersion(SQLModel, table=True):
    """One version of a flow, in force from ``since`` until it is retired; ``version`` is a digest of its ``rows``."""

    __tablename__ = "flow_version"
    __table_args__ = (UniqueConstraint("flow", "version"),)

    id: int = Field(default=None, primary_key=True)
    flow: str = Field(max_length=16)
    version: str = Field(max_length=64)
    rows: dict[str, Any] = Field(sa_type=JSON_TYPE)
    since: datetime = Field(default_factory=utcnow)
    retired_at: datetime | None = None
