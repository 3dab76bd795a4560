"""Fact 本库事实: what every process that works on this database must agree on, whichever machine it runs on."""

from sqlmodel import Field, SQLModel


class Fact(SQLModel, table=True):
    """One thing agreed on, such as the time zone; ``digest`` is keyed, so that the database alone can't change it."""

    name: str = Field(primary_key=True, max_length=24)
    value: str = Field(max_length=200)
    digest: str = Field(max_length=64)
