"""Kinds of organisation that the registers ask more of: those that have members, and those that are put on file."""

from functools import lru_cache

from services.system.data_files import rows


@lru_cache
def with_members() -> tuple[str, ...]:
    """Kinds of organisation that others belong to: alliances and committees."""
    return tuple(row["organisation"] for row in rows("register_kinds.csv") if row["members"] == "yes")


@lru_cache
def on_file() -> tuple[str, ...]:
    """Kinds of organisation that are put on file and reviewed each year."""
    return tuple(row["organisation"] for row in rows("register_kinds.csv") if row["on_file"] == "yes")
