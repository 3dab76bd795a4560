"""Categories: the codes of the standard and the local range beside them."""

from dataclasses import dataclass
from functools import lru_cache

from services.system.data_files import rows
from services.words import own_categories
from services.words.own_categories import OwnCategory


@dataclass(frozen=True)
class Category:
    """A category of issue; ``local`` codes (90-99) are not in the standard, those from 95001 came with a ledger."""

    code: str
    local: bool
    source: str
    mark: str


def categories() -> dict[str, Category]:
    """Every category by code: those of the files, then those of the place's own."""
    own = own_categories.known()
    return {**_filed(), **{code: _own(found) for code, found in own.items()}} if own else _filed()


def _own(found: OwnCategory) -> Category:
    return Category(found.code, True, found.origin, "M")


@lru_cache
def _filed() -> dict[str, Category]:
    found = (Category(row["code"], bool(row["local"]), row["source"], row["mark"]) for row in rows("categories.csv"))
    return {category.code: category for category in found}
