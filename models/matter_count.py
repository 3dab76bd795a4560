"""Matter count 计数: how many matters there are of each kind; the database keeps the counts with every change."""

from typing import Any

from sqlmodel import Field, SQLModel

# The row lies in its key: a sum over a range of keys reads one tree, and a change touches one.
_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


class Counted(SQLModel):
    """What is counted of the matters of one kind: ``n`` of them, and how many of these are so.

    ``timeliness`` is 1 in time, 0 late, -1 neither; ``unrecorded`` is what their ledger says nothing about, as the
    matters have it. ``returned`` are among the ``dispatched``, ``repeated`` among the ``classed``, which have a
    category; ``dated`` have or had a deadline. ``answered`` have a follow-up with all three answers; ``contacted``,
    ``resolved``, ``satisfied`` and ``basically`` are among them.
    """

    n: int
    dispatched: int
    returned: int
    reworked: int
    classed: int
    repeated: int
    dated: int
    answered: int
    contacted: int
    resolved: int
    satisfied: int
    basically: int


class MatterCount(Counted, table=True):
    """Matters by area and month raised: what overview, map and ranking of areas are read from."""

    __tablename__ = "matter_count"
    __table_args__ = _CLUSTERED

    flow: str = Field(primary_key=True, max_length=16)
    opened_month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_id: int = Field(primary_key=True, foreign_key="area.id", sa_column_kwargs={"autoincrement": False})
    state: str = Field(primary_key=True, max_length=24)
    is_open: bool = Field(primary_key=True)
    timeliness: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unrecorded: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class MatterSplit(Counted, table=True):
    """The same by category and responsible unit too; ``category`` is empty, ``unit_id`` 0 where there is none."""

    __tablename__ = "matter_split"
    __table_args__ = _CLUSTERED

    flow: str = Field(primary_key=True, max_length=16)
    opened_month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_id: int = Field(primary_key=True, foreign_key="area.id", sa_column_kwargs={"autoincrement": False})
    category: str = Field(primary_key=True, max_length=16)
    unit_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(primary_key=True, max_length=24)
    is_open: bool = Field(primary_key=True)
    timeliness: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unrecorded: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class MatterLasting(SQLModel, table=True):
    """``n`` closed matters that took ``hours`` whole hours from raised to closed; those whose times are recorded."""

    __tablename__ = "matter_lasting"
    __table_args__ = _CLUSTERED

    flow: str = Field(primary_key=True, max_length=16)
    opened_month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_id: int = Field(primary_key=True, foreign_key="area.id", sa_column_kwargs={"autoincrement": False})
    category: str = Field(primary_key=True, max_length=16)
    unit_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(primary_key=True, max_length=24)
    hours: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int
