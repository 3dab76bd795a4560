"""The words offices write around their tables, from data/imports/sheet_words.csv, and what a cell looks like."""

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).resolve().parents[3] / "data" / "imports" / "sheet_words.csv"
_VALUE = re.compile(r"[-+]?[\d,]+(\.\d+)?%?|\d{4}\D\d{1,2}(\D\d{1,2}\D?([ T].*)?)?|\d{1,2}/\d{1,2}/\d{4}.*|[\d-]{6,}")
_COLON = re.compile("[:\uff1a]")


@lru_cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind (``total``, ``footer``, ``header``), folded as ``folded`` does."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return frozenset(folded(row["word"]) for row in csv.DictReader(file) if row["kind"] == kind)


def folded(text: str) -> str:
    """``text`` without blanks and case, with full-width letters as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_value(cell: str) -> bool:
    """Whether the cell looks like a number, a date or a code of digits rather than like a name of a column."""
    return _VALUE.fullmatch(cell) is not None


@lru_cache
def _total() -> re.Pattern[str]:
    return re.compile(
        "(.{0,20}?)(" + "|".join(map(re.escape, sorted(words("total"), key=len, reverse=True))) + ")[:\uff1a]?"
    )


@lru_cache
def _ends() -> frozenset[str]:
    return frozenset(word[-1] for word in words("total")) | {":", "\uff1a"}


def is_total(cells: list[str], first: str) -> bool:
    """Whether a row sums up others: its first word says so, and hardly anything but numbers follows."""
    if len(first) > 30 or first[-1].casefold() not in _ends() or not _total().fullmatch(folded(first)):
        return False
    rest = [cell for cell in cells if cell and cell != first]
    return sum(not is_value(cell) for cell in rest) <= len(cells) // 4


@lru_cache
def _signs() -> tuple[str, ...]:
    return tuple(words("footer"))


def is_footer(cells: list[str], first: str) -> bool:
    """Whether a row is a signature or a remark below the table: “Prepared by: …” and hardly anything else."""
    head, colon, _ = first.partition(":") if ":" in first else first.partition("\uff1a")
    if not colon or len(head) > 12 or not folded(head).startswith(_signs()):
        return False
    return sum(map(bool, cells)) <= max(1, len(cells) // 2)


def has_colon(cell: str) -> bool:
    """Whether the cell holds a colon, as “Reported by: …” above a table does and names of columns don't."""
    return _COLON.search(cell) is not None
