"""Link 关联: typed ties between matters; together they are the one line."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Link(SQLModel, table=True):
    """``source`` is tied to ``target`` by ``kind``: discussed_in, carried_out_by, duplicate_of."""

    __table_args__ = (UniqueConstraint("source_id", "target_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="matter.id", index=True)
    target_id: int = Field(foreign_key="matter.id", index=True)
    kind: str = Field(max_length=24)
