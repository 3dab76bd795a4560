"""Matter count 计数: how many matters there are of each kind; the database keeps it with every change."""

from sqlmodel import Field, SQLModel


class MatterCount(SQLModel, table=True):
    """``n`` matters of a flow, area and month raised, open or not; ``timeliness``: 1 in time, 0 late, -1 neither."""

    __tablename__ = "matter_count"

    flow: str = Field(primary_key=True, max_length=16)
    opened_month: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_id: int = Field(primary_key=True, foreign_key="area.id", sa_column_kwargs={"autoincrement": False})
    is_open: bool = Field(primary_key=True)
    timeliness: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int
