"""Area 区域: one tree from city to building. Households are counts, never lists."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE


class Area(SQLModel, table=True):
    """A node of the area tree; everything below it has a path that starts with its path.

    One that was closed stays for what lies in it; nothing new is begun there.
    """

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=64)
    level: str = Field(max_length=16)
    kind: str | None = Field(default=None, max_length=32)
    path: str = Field(max_length=255, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    households: int | None = Field(default=None)
    lng: float | None = None
    lat: float | None = None
    geometry: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    schematic: bool = Field(default=True)
    sample: bool = Field(default=False)
    closed_at: datetime | None = None
