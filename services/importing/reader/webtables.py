"""Web pages called .xls: many office systems “export to Excel” by writing an HTML table. Only its text is read."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from services.importing.reader.encodings import encoding_of
from services.importing.reader.merged_cells import Merge, Merges
from services.importing.reader.table_rows import Table
from services.importing.reader.writing import Layer, too_wide
from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import MAX_ROWS
from services.system.errors import Refused, listed

_READ = listed("The file is a web page with a table, not a workbook; the table was read.")
_CHARSET = re.compile(rb"charset\s*=[\s\"']*([\w-]+)", re.IGNORECASE)
_WIDEST = 2_000
_SILENT = ("script", "style", "head")


class _Page(HTMLParser):
    """Collects the cells of every table that holds no other table, row by row, with its merged cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[tuple[list[list[str]], list[Merge]]] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self._end_cell()
            told = dict(attrs)
            self._cell, self._span = [], (_count(told.get("rowspan")), _count(told.get("colspan")))
        elif tag == "tr":
            self._end_cell()
            self._begin_row()
        elif tag == "table":
            self._end_cell()
            self.sheets.append(([], []))
        elif tag in _SILENT:
            self._silent += 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(" ".join(data.split()))

    def _begin_row(self) -> None:
        if not self.sheets:
            self.sheets.append(([], []))
        rows, _ = self.sheets[-1]
        rows.append([])
        if len(rows) > MAX_ROWS:
            raise Refused("The file has more than {limit} rows. Split it by year or month.", limit=MAX_ROWS)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        if not self.sheets or not self.sheets[-1][0]:
            self._begin_row()
        rows, merges = self.sheets[-1]
        line, (down, across) = len(rows), self._span
        at = _free(line, len(rows[-1]), merges)
        rows[-1] += [""] * (at - len(rows[-1])) + ["".join(self._cell).strip()] + [""] * (across - 1)
        if down > 1 or across > 1:
            merges.append((line, at, line + down - 1, at + across - 1))
        if len(rows[-1]) > _WIDEST:
            raise too_wide(len(rows[-1]))
        self._cell = None


def _count(told: str | None) -> int:
    return min(int(told), _WIDEST) if told and told.isdecimal() and told.isascii() and int(told) > 0 else 1


def _free(line: int, at: int, merges: list[Merge]) -> int:
    """The first column from ``at`` that no cell from a row above reaches into."""
    for top, left, bottom, right in sorted(merges[-_WIDEST:], key=lambda merge: merge[1]):
        if top < line <= bottom and left <= at <= right:
            at = right + 1
    return at


def tables(path: Path, folder: Path) -> list[Layer]:
    """A layer for each table of the page that has rows."""
    page = _Page()
    with path.open(encoding=_encoding(path), errors="replace") as file:
        while text := file.read(1 << 20):
            page.feed(text)
    page.close()
    found = [(rows, merges) for rows, merges in page.sheets if any(map(any, rows))]
    return [_layer(folder, number, rows, merges) for number, (rows, merges) in enumerate(found)]


def _layer(folder: Path, number: int, rows: list[list[str]], merges: list[Merge]) -> Layer:
    layer = Layer(folder, number, str(number + 1))
    layer.notes.append(Note(_READ))
    width = max(map(len, rows))
    Table(layer, Merges(merges)).write((line, row + [""] * (width - len(row))) for line, row in enumerate(rows, 1))
    return layer


def _encoding(path: Path) -> str:
    """The page's own word for its characters, where it decodes the page; otherwise what the bytes say."""
    with path.open("rb") as file:
        told = _CHARSET.search(file.read(4_096))
    try:
        name = codecs.lookup(told[1].decode()).name if told else ""
        # Pages that say gb2312 hold characters that only its successor has.
        return "gb18030" if name in ("gb2312", "gbk", "gb18030") else encoding_of(path)
    except LookupError:
        return encoding_of(path)
