"""Flow version 流程版本: the rows of a flow as they stood while matters ran by them."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, utcnow


class FlowVersion(SQLModel, table=True):
    """One version of a flow, in force from ``since`` until the next one of the same flow.

    ``version`` is a digest of what its ``rows`` mean. ``last_event`` is the newest event that was written before it:
    events may tell of earlier days, and are judged by when they were written.
    """

    __tablename__ = "flow_version"
    __table_args__ = (UniqueConstraint("flow", "since"),)

    id: int = Field(default=None, primary_key=True)
    flow: str = Field(max_length=16)
    version: str = Field(max_length=64)
    rows: dict[str, Any] = Field(sa_type=JSON_TYPE)
    since: datetime = Field(default_factory=utcnow)
    last_event: int = Field(default=0)
