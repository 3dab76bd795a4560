"""Serial 编号: the next number of a series, counted inside the transaction so that no number is skipped."""

from sqlmodel import Field, SQLModel


class Serial(SQLModel, table=True):
    """``last`` is the highest number given in ``series`` (prefix and year); verify finds a missing one."""

    series: str = Field(primary_key=True, max_length=16)
    last: int = 0
