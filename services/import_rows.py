"""Rows of somebody else's ledger read in our terms: an entry, or everything that is wrong with the row."""

import string
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime

from services import clock
from services.csvfiles import MAX_CELL, is_formula
from services.i18n import listed
from services.mappings import Mapping, Outcome
from services.wording import clean

_REF, _UNIT, _AREA = 64, 96, 64


@dataclass(frozen=True)
class RowError:
    """One cell that can't be imported: the line in the file, the column, and a sentence that says what to do."""

    row: int
    column: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A row that can be imported, in our own terms; ``cells`` are its own words, kept in its first event."""

    line: int
    ref: str
    opened_at: datetime
    source: str
    category: str
    outcome: Outcome
    names: list[str]
    unit: str
    cells: dict[str, str]


_TWICE = listed("This number stands in row {first} already. Remove one of the two rows, or correct the number.")
_CELLS = listed(
    "The row has {found} cells where the header has {expected}. Check it for a missing or additional comma."
)
_MISSING = listed("This cell is empty. Fill it in.")
_LONG = listed("The cell is {length} characters long. Shorten it to {limit}.")
_FORMULA = listed("The cell holds a formula. Replace it with its value.")
_UNKNOWN = listed("The mapping does not know the word {value}. Correct the cell, or add the word to the mapping.")
_NO_DATE = listed("There is no such date: {value}. Write it in the form {form}.")
_FUTURE = listed("The date {value} has not come yet. Correct it.")


class RowReader:
    """Reads the rows of one file by one mapping, and remembers which numbers it has seen."""

    def __init__(self, told: Mapping, name: str) -> None:
        matter, values = told.matter, told.values
        self._told = told
        self._name = name
        self._needed = set(told.columns())
        self._limits = dict.fromkeys((level.column for level in told.areas), _AREA)
        self._limits |= {matter.ref: _REF - len(name) - 1, matter.unit: _UNIT}
        self._words: dict[str, Container[str]] = {
            matter.source: values.source,
            matter.category: values.category,
            matter.outcome: values.outcome,
        }
        titled = {name for _, name, _, _ in string.Formatter().parse(matter.title) if name}
        self._required = {matter.ref, matter.opened, *titled} - {"area"}
        self._seen: dict[str, int] = {}

    def read(self, line: int, columns: list[str], cells: list[str]) -> Entry | list[RowError]:
        """The row as an entry, or everything that is wrong with it."""
        if len(cells) != len(columns):
            return [RowError(line, columns[0], _CELLS, {"found": len(cells), "expected": len(columns)})]
        row = {name: clean(cell) for name, cell in zip(columns, cells, strict=True) if name in self._needed}
        errors = [error for name, cell in row.items() if (error := self._wrong(line, name, cell))]
        if errors:
            return errors
        opened = self._moment(row)
        problem = self._seen_before(line, row) or self._bad_date(line, opened, row)
        return [problem] if problem else self._entry(line, opened or clock.now(), row)

    def _wrong(self, line: int, name: str, cell: str) -> RowError | None:
        limit = self._limits.get(name, MAX_CELL)
        if len(cell) > limit:
            return RowError(line, name, _LONG, {"length": len(cell), "limit": limit})
        if name in self._required and cell in self._told.matter.nothing:
            return RowError(line, name, _MISSING)
        if name in self._words:
            return None if cell in self._words[name] else RowError(line, name, _UNKNOWN, {"value": cell[:40]})
        return RowError(line, name, _FORMULA) if is_formula(cell) else None

    def _moment(self, row: dict[str, str]) -> datetime | None:
        matter = self._told.matter
        try:
            day = datetime.strptime(row[matter.opened], matter.opened_format).date()
            return clock.start_of(day) if day.year >= clock.FIRST_YEAR else None
        except (ValueError, OverflowError):
            return None

    def _seen_before(self, line: int, row: dict[str, str]) -> RowError | None:
        first = self._seen.setdefault(row[self._told.matter.ref], line)
        return None if first == line else RowError(line, self._told.matter.ref, _TWICE, {"first": first})

    def _bad_date(self, line: int, opened: datetime | None, row: dict[str, str]) -> RowError | None:
        if opened and opened <= clock.now():
            return None
        matter = self._told.matter
        told: dict[str, object] = {
            "value": row[matter.opened][:40],
            "form": clock.today().strftime(matter.opened_format),
        }
        return RowError(line, matter.opened, _FUTURE if opened else _NO_DATE, told)

    def _entry(self, line: int, opened: datetime, row: dict[str, str]) -> Entry:
        matter, values = self._told.matter, self._told.values
        kept = {name: "" if cell in matter.nothing else cell for name, cell in row.items()}
        return Entry(
            line=line,
            ref=f"{self._name}:{row[matter.ref]}",
            opened_at=opened,
            source=values.source[row[matter.source]],
            category=values.category[row[matter.category]],
            outcome=values.outcome[row[matter.outcome]],
            names=[kept[level.column] for level in self._told.areas],
            unit=kept[matter.unit],
            cells=row,
        )
