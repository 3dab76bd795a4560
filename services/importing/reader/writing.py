"""What the reader hands back: a file of plain lines for each layer, and what is true of all of its rows."""

import json
from pathlib import Path
from typing import Any, TextIO

from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import BREAK, CELL, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from services.system.errors import Refused, listed

_LONG = listed("A cell of this row holds {length} characters. Shorten it to {limit}.")


class Layer:
    """One sheet, or one layer of drawings, while it is written: line, fault, cells and geometry of each row."""

    def __init__(self, folder: Path, number: int, name: str) -> None:
        self.name = name[:80]
        self.names: list[str] = []
        self.rows = 0
        self.geometries: set[str] = set()
        self.notes: list[Note] = []
        self._file: TextIO = (folder / f"{number}.rows").open("w", encoding="utf-8", newline="\n")
        self._nameless: list[int] = []
        self._empty: set[int] = set()

    def begin(self, names: list[str]) -> None:
        """Name the columns; an empty name stands for a column that is dropped when nothing is ever in it."""
        self.names = names
        self._nameless = [at for at, name in enumerate(names) if not name]
        self._empty = set(self._nameless)
        if len(names) - len(self._empty) > MAX_COLUMNS:
            raise too_wide(len(names))

    def write(self, line: int, cells: list[str], geometry: str = "", fault: Note | None = None) -> None:
        """Add a row of as many cells as there are columns; ``line`` is the row in the user's own file."""
        if self.rows == MAX_ROWS:
            raise Refused("The file has more than {limit} rows. Split it by year or month.", limit=MAX_ROWS)
        text = CELL.join(cells)
        if len(text) > MAX_CELL:
            cells, fault = self._shortened(cells, fault)
            text = CELL.join(cells)
        if "\n" in text:
            text = text.replace("\n", BREAK)
        told = json.dumps([fault.message, fault.params]) if fault else ""
        self._file.write(f"{line}{CELL}{told}{CELL}{text}{CELL}{geometry}\n")
        self.rows += 1
        if self._empty:
            self._empty -= {at for at in self._empty if cells[at]}

    def _shortened(self, cells: list[str], fault: Note | None) -> tuple[list[str], Note | None]:
        longest = max(map(len, cells))
        if longest > MAX_CELL:
            fault = fault or Note(_LONG, {"length": longest, "limit": MAX_CELL})
        return [cell[:MAX_CELL] for cell in cells], fault

    def finish(self) -> dict[str, Any]:
        """Close the file and say what the layer holds."""
        self._file.close()
        kept = [at for at in range(len(self.names)) if at not in self._empty]
        if len(kept) > MAX_COLUMNS:
            raise too_wide(len(kept))
        return {
            "name": self.name,
            "columns": distinct([self.names[at] or f"Column {at + 1}" for at in kept]),
            "width": len(self.names),
            "kept": kept,
            "rows": self.rows,
            "geometry": next(iter(self.geometries)) if len(self.geometries) == 1 else "mixed" * bool(self.geometries),
            "notes": [[note.message, note.params] for note in self.notes],
        }


def too_wide(found: int) -> Refused:
    """The refusal for more columns than any ledger has."""
    return Refused(
        "The sheet has {found} columns, {limit} are allowed. Delete the columns that are not needed.",
        found=found,
        limit=MAX_COLUMNS,
    )


def distinct(names: list[str]) -> list[str]:
    """The names in their order, with ``2``, ``3`` … behind those that came before."""
    taken: dict[str, None] = {}
    for name in names:
        told, count = name, 1
        while told in taken:
            count += 1
            told = f"{name} {count}"
        taken[told] = None
    return list(taken)
