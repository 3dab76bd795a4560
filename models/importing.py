"""Imports 导入: what was brought in, how its columns were read, and what stood there before."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, utcnow


class ImportBatch(SQLModel, table=True):
    """One file that was imported, in one transaction. New matters name it; ``ImportChange`` holds everything else."""

    __tablename__ = "import_batch"

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    file: str = Field(max_length=128)
    digest: str = Field(max_length=64)
    mapping: str = Field(default="", max_length=48)
    options: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    at: datetime = Field(default_factory=utcnow, index=True)
    actor: str = Field(max_length=64)
    rows: int = Field(default=0)
    new: int = Field(default=0)
    changed: int = Field(default=0)
    unchanged: int = Field(default=0)
    refused: int = Field(default=0)
    undone_at: datetime | None = None
    undone_by: str | None = Field(default=None, max_length=64)


class ImportChange(SQLModel, table=True):
    """A row that an import made (``before`` is none) or changed (``before`` holds its columns as they were)."""

    __tablename__ = "import_change"

    id: int = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    kind: str = Field(max_length=24)
    row_id: int
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)


class SavedMapping(SQLModel, table=True):
    """How the columns and words of one office's files are read, under a name it chose."""

    __tablename__ = "saved_mapping"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=48, unique=True)
    kind: str = Field(max_length=16)
    content: dict[str, Any] = Field(sa_type=JSON_TYPE)
    at: datetime = Field(default_factory=utcnow)
    actor: str = Field(max_length=64)
