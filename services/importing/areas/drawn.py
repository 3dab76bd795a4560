"""Drawn areas: what a file of boundaries leaves unsaid: which column names an area, its number, and their level."""

import re

from services.importing.cells.column_profiles import Profile
from services.importing.mapping import kinds, word_lists
from services.importing.mapping.mapping import Mapping

_NAME = 64


def complete(told: Mapping, found: list[Profile], above: str) -> None:
    """Choose a name, a code and a level where no header says so; ``above`` is the level of the place."""
    known = {name for held in told.columns.values() for name in held}
    fit = [column for column in found if _telling(column) and column.name not in known]
    if not told.has("code"):
        _take(told, "code", [column for column in fit if column.numbers == 1 and not _counts(column)])
    if not told.has("name"):
        _take(told, "name", [column for column in fit if column.numbers < 0.5] + _coded(told, found))
    if not told.has("level") and above in kinds.LEVELS[:-1]:
        told.options.defaults["level"] = kinds.LEVELS[kinds.LEVELS.index(above) + 1]


def _take(told: Mapping, field: str, fit: list[Profile]) -> None:
    if fit:
        told.columns[field] = [fit[0].name]


def _coded(told: Mapping, found: list[Profile]) -> list[Profile]:
    return [column for column in found if column.name == told.column("code")]


def _telling(column: Profile) -> bool:
    """Whether each area has a word of its own there that a person would call it by."""
    noise = any(word_lists.folded(word) in column.key for word in word_lists.listing("drawing"))
    whole = all(re.fullmatch(r"[\w \-./\u00b7&\u2019']+", word) for word in column.words)
    return column.unique and whole and column.length <= _NAME and column.dates < 0.5 and not noise


def _counts(column: Profile) -> bool:
    """Whether the column only numbers the lines of the sheet."""
    return column.key in map(word_lists.folded, word_lists.listing("serial"))


def called(told: Mapping, name: str) -> str:
    """The name of an area; a bare number gets the words of its column before it: Council District 7."""
    header = told.column("name")
    if not name.isdecimal() or header != told.column("code"):
        return name
    words = re.sub(r"[\W_]+", " ", header).strip()
    return f"{words.title() if words.isascii() else words} {name}"[:_NAME]
