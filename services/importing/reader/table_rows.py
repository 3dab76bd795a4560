"""From the records of a sheet to rows: its header found, what only looks like a row left out and counted."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from services.importing.reader import heading_rows, outline_columns
from services.importing.reader.delimited import Record
from services.importing.reader.merged_cells import Merges
from services.importing.reader.sheet_words import folded, is_footer, is_total, words
from services.importing.reader.writing import Layer
from services.importing.source.reading_notes import Note
from services.system.errors import listed

_SHORT = listed(
    "The row has {found} cells where the header has {expected}. Check it for a missing or additional comma."
)
_NO_NAMES = listed("The first row holds no names of columns; the columns are called by their number.")
_ABOVE = listed("Lines above the header left out: {count}.")
_DEEP = listed("The header stands in {count} lines; their names are joined by “/”.")
_FILLED = listed("Cells filled with the text of the cell they were merged with: {count}.")
_LEFT_OUT = {
    "total": listed("Rows with totals left out: {count} (first: row {first})."),
    "example": listed("Lines that only show an example left out: {count} (first: row {first})."),
    "footer": listed("Lines with signatures or remarks left out: {count} (first: row {first})."),
    "again": listed("Repeated header rows left out: {count} (first: row {first})."),
    "heading": listed("Headings between the rows left out: {count} (first: row {first})."),
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Table:
    """One sheet on its way into a layer; ``strict`` refuses rows of another length than the header."""

    def __init__(self, layer: Layer, merges: Merges, *, strict: bool = False) -> None:
        self._layer = layer
        self._merges = merges
        self._strict = strict
        self._left: Counter[str] = Counter()
        self._first: dict[str, int] = {}
        self._filled = 0

    def write(self, records: Iterable[Record]) -> None:
        """Write every row of the sheet; a sheet without any cell gives a layer without columns."""
        found = (record for record in map(_tidy, records) if any(record[1]))
        sample = list(islice(found, heading_rows.SAMPLE))
        if not sample:
            return
        for line, cells in sample:
            self._merges.remember(line, cells)
        header = heading_rows.find(sample, self._merges)
        self._explain(header)
        body = sample[header.last + 1 :]
        outline = outline_columns.column(header.names, body)
        self._layer.begin(header.names)
        names = sample[header.last][1] if header.last >= header.first else []
        self._rows(chain(body, found), header.names, names, outline)
        self._count()

    def _explain(self, header: heading_rows.Header) -> None:
        lines = header.last - header.first + 1
        if not lines:
            self._layer.notes.append(Note(_NO_NAMES))
        if header.first:
            self._layer.notes.append(Note(_ABOVE, {"count": header.first}))
        if lines > 1:
            self._layer.notes.append(Note(_DEEP, {"count": lines}))

    def _rows(
        self, records: Iterator[Record], names: list[str], header: list[str], outline: outline_columns.Column
    ) -> None:
        write, width, strict = outline.writer(self._layer), len(names), self._strict
        for line, cells in records:
            if why := self._why_left(line, cells, header):
                self._left[why] += 1
                self._first.setdefault(why, line)
                continue
            fault = None
            if len(cells) != width:
                cells, fault = self._fitted(cells, width, strict)
            full = self._merges.down(line, cells) if self._merges.known else cells
            if full is not cells:
                self._filled += sum(map(bool, full)) - sum(map(bool, cells))
            write(line, full, fault)

    def _why_left(self, line: int, cells: list[str], header: list[str]) -> str:
        first = next(filter(None, cells))
        if folded(first) in words("example"):
            return "example"
        if is_total(cells, first):
            return "total"
        if (":" in first or "\uff1a" in first) and is_footer(cells, first):
            return "footer"
        if cells == header:
            return "again"
        return "heading" if self._merges.known and self._is_heading(line, cells) else ""

    def _is_heading(self, line: int, cells: list[str]) -> bool:
        wide = self._merges.across(line)
        return bool(wide) and sum(map(bool, cells)) == 1 and wide[0][1] - wide[0][0] >= max(2, len(cells) // 2)

    def _fitted(self, cells: list[str], width: int, strict: bool) -> tuple[list[str], Note | None]:
        told: dict[str, object] = {"found": len(cells), "expected": width}
        if len(cells) < width:
            return cells + [""] * (width - len(cells)), Note(_SHORT, told) if strict else None
        return cells[:width], Note(_SHORT, told) if any(cells[width:]) else None

    def _count(self) -> None:
        for why, count in self._left.items():
            self._layer.notes.append(Note(_LEFT_OUT[why], {"count": count, "first": self._first[why]}))
        if self._filled:
            self._layer.notes.append(Note(_FILLED, {"count": self._filled}))


def _tidy(record: Record) -> Record:
    line, cells = record
    told = list(map(str.strip, cells))
    if not "".join(told).isprintable():
        told = [_CONTROLS.sub(" ", cell).strip() for cell in told]
    return line, told
