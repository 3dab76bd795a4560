"""Organisation 组织: the second tree: party organisations, units, property companies, social organisations."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Organisation(SQLModel, table=True):
    """A body that can be responsible for a matter, host a forum or hold an office."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=96, index=True)
    kind: str = Field(max_length=32)
    path: str = Field(max_length=255, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    sample: bool = Field(default=False)
    closed_at: datetime | None = None
