"""Matter 事项: the spine row of every flow; and the links 关联 between matters: together they are the one line."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import JSON_TYPE, at_most, utcnow

_OPEN: dict[str, Any] = {"sqlite_where": text("is_open = 1"), "postgresql_where": text("is_open")}
_DUE = ("due_at", "area_id", "flow", "opened_month", "category", "unit_id", "unrecorded")
_OWED = ("state", "area_id", "flow", "hold_until", "extended_to")
_UNPLACED: dict[str, Any] = {
    "sqlite_where": text("is_open = 1 AND lng IS NULL"),
    "postgresql_where": text("is_open AND lng IS NULL"),
}
_NAMED = text("source_ref IS NOT NULL")
_ENDED: dict[str, Any] = {
    "sqlite_where": text("closed_at IS NOT NULL"),
    "postgresql_where": text("closed_at IS NOT NULL"),
}
_IMPORTED: dict[str, Any] = {
    "sqlite_where": text("import_id IS NOT NULL"),
    "postgresql_where": text("import_id IS NOT NULL"),
}

# What the ledger a matter came from may say nothing about; each is a bit of ``unrecorded``. New ones come at the end.
# ``inside`` is what only this program records: who was given a matter and sent it back, and what residents said.
THINGS = (
    *("ending", "hold", "deadline", "timeliness", "duration"),
    *("rework", "recurrence", "follow_up", "inside"),
)


def bit(thing: str) -> int:
    """The bit of ``unrecorded`` that says this is not recorded."""
    return 1 << THINGS.index(thing)


class Matter(SQLModel, table=True):
    """One thing on the ledger, in one state of one flow, in one area; its history is in Event.

    ``source_digest`` is a digest of the row it was last imported from. ``time_left`` holds the seconds of working time
    that were left when the clock was stopped, ``hold_until`` when the hold is expected to end. One that was
    late already when it was held or given more time keeps the ``due_at`` it missed; the new time is ``extended_to``.
    ``dispatches``,
    ``returns`` and ``reworks`` count the arrows that say so. ``repeats_id`` is the earlier, closed matter that this one
    repeats: the same category at the same place 回潮. ``detail`` holds the fields that only its flow knows; put a new
    dictionary there to change one, a changed one is not noticed. ``unrecorded`` holds a bit for each of THINGS that the
    ledger it came from says nothing about: no figure takes its silence for a no.
    """

    __table_args__ = (
        CheckConstraint("length(title) >= 1", name="title_present"),
        at_most("title", 120),
        at_most("description", 4000),
        at_most("location", 200),
        Index("ix_matter_open", "area_id", "flow", "state", "due_at", **_OPEN),
        # Wide enough that what is overdue is counted by area, unit and category without looking at a single row.
        Index("ix_matter_open_due", *_DUE, **_OPEN),
        Index("ix_matter_open_unit", "unit_id", "due_at", *_OWED, **_OPEN),
        Index("ix_matter_unplaced", "flow", "area_id", **_UNPLACED),
        Index("ix_matter_opened", "opened_at"),
        Index("ix_matter_flow_opened", "flow", "opened_at"),
        Index("ix_matter_flow_category", "flow", "category", "opened_at"),
        Index("ix_matter_area_opened", "area_id", "opened_at"),
        Index("ix_matter_flow_state_opened", "flow", "state", "opened_at"),
        Index("ix_matter_category_closed", "category", "closed_at", "area_id", "lng", "lat", **_ENDED),
        Index("ix_matter_import", "import_id", **_IMPORTED),
        Index("uq_matter_source", "source", "source_ref", unique=True, sqlite_where=_NAMED, postgresql_where=_NAMED),
    )

    id: int = Field(default=None, primary_key=True)
    number: str = Field(max_length=32, unique=True)
    flow: str = Field(max_length=16)
    state: str = Field(max_length=24)
    is_open: bool = Field(default=True)
    title: str = Field(max_length=120)
    description: str = Field(default="", max_length=4000)
    category: str | None = Field(default=None, max_length=16)
    source: str = Field(default="staff", max_length=24)
    source_ref: str | None = Field(default=None, max_length=64)
    source_digest: str | None = Field(default=None, max_length=16)
    import_id: int | None = Field(default=None, foreign_key="import_batch.id")
    area_id: int = Field(foreign_key="area.id")
    location: str = Field(default="", max_length=200)
    lng: float | None = None
    lat: float | None = None
    unit_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    opened_at: datetime = Field(default_factory=utcnow)
    opened_month: int
    due_at: datetime | None = None
    time_left: int | None = None
    hold_until: datetime | None = None
    closed_at: datetime | None = None
    on_time: bool | None = None
    dispatches: int = Field(default=0)
    returns: int = Field(default=0)
    reworks: int = Field(default=0)
    repeats_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    public: bool = Field(default=False)
    sample: bool = Field(default=False)
    version: int = Field(default=1)
    events: int = Field(default=0)
    head: str = Field(default="", max_length=64)
    detail: dict[str, Any] | None = Field(default=None, sa_type=JSON_TYPE)
    unrecorded: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    extended_to: datetime | None = None


class Link(SQLModel, table=True):
    """``source`` is tied to ``target`` by ``kind``: discussed_in, carried_out_by, duplicate_of."""

    __table_args__ = (UniqueConstraint("source_id", "target_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="matter.id", index=True)
    target_id: int = Field(foreign_key="matter.id", index=True)
    kind: str = Field(max_length=24)
