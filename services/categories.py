"""Categories: the codes of the standard and the local range beside them."""

from dataclasses import dataclass
from functools import lru_cache

from services.datafiles import rows


@dataclass(frozen=True)
class Category:
    """A category of issue; ``local`` codes (90-99) are not in the standard."""

    code: str
    local: bool
    source: str
    mark: str


@lru_cache
def categories() -> dict[str, Category]:
    """Every category by code."""
    found = (Category(row["code"], bool(row["local"]), row["source"], row["mark"]) for row in rows("categories.csv"))
    return {category.code: category for category in found}
