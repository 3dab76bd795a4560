"""Categories beside the standard: those a place brought along, and the words that lead to each category."""

from sqlmodel import Field, SQLModel


class LocalCategory(SQLModel, table=True):
    """A category that came with somebody's ledger: codes 95000 to 99999, which neither standard nor product use."""

    __tablename__ = "local_category"

    code: str = Field(primary_key=True, max_length=16)
    zh: str = Field(max_length=64, unique=True)
    en: str = Field(max_length=96)
    deadline_days: int = Field(default=7)
    origin: str = Field(default="", max_length=96)


class CategoryWord(SQLModel, table=True):
    """How many matters of a category staff filed hold a pair of characters; the empty pair counts all of them."""

    __tablename__ = "category_word"

    gram: str = Field(primary_key=True, max_length=8)
    category: str = Field(primary_key=True, max_length=16)
    n: int = Field(default=0)
