"""Sheets: the one place that writes a workbook. Every cell is written with its type, so no data becomes a formula.

The sheet is made to be printed and filed: title, unit and filter above a frozen heading, A4 landscape, page x of y, and
who made it when in the footer of every page.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.exporting.lists.list_columns import Cell, Column, Extract, Meaning, Words
from services.exporting.sheet_styles import FORMATS, LOOKS
from services.words.cleaning import clean

# What Excel holds: characters in a cell, characters in a footer, rows in a sheet.
_LONGEST, _FOOTER = 32_767, 255
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_HEADING = 4


class Book:
    """A workbook being written: its looks, and the lists of words its drop-downs offer, on one hidden sheet."""

    def __init__(self, workbook: Workbook, words: Words) -> None:
        self.workbook, self.words = workbook, words
        self.looks = {name: workbook.add_format(look) for name, look in LOOKS.items()}
        self.plain = workbook.add_format({"num_format": "@"})
        self._lists: dict[tuple[str, ...], str] = {}
        self._below: dict[str, list[tuple[str, ...]]] = {}

    def sheet(self, name: str, mark: str = "") -> Worksheet:
        """A sheet that prints on A4, with page x of y and ``mark`` in the footer."""
        sheet = self.workbook.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        pages = self.words.say("Page {page} of {pages}", page="&P", pages="&N")
        # An ampersand is a command in a footer; two are one.
        sheet.set_footer(f"&L&8{mark.replace('&', '&&')[: _FOOTER - len(pages) - 12]}&R&8{pages}")
        return sheet

    def offer(self, choices: Sequence[str]) -> dict[str, Any]:
        """A drop-down of ``choices`` for ``data_validation``; other words stay possible, with a question."""
        return self._choice(self._named(tuple(choices)))

    def offer_below(
        self, choices: Sequence[str], narrowed: dict[str, tuple[str, ...]], column: int, row: int
    ) -> dict[str, Any]:
        """A drop-down that follows what stands in ``column``: the words narrowed to it, all of them while it is empty.

        ``row`` is the first row, as a sheet counts.
        """
        wider = f"${_letter(column)}{row}"
        # The lists of one cascade are named by one number and the place of the wider word.
        names, cascade = self._named(tuple(narrowed)), f"below_{len(self._below) + 1}"
        self._below[cascade] = list(narrowed.values())
        chosen = f'INDIRECT("{cascade}_"&MATCH({wider},{names},0))'
        return self._choice(f'IF({wider}="",{self._named(tuple(choices))},{chosen})')

    def _choice(self, source: str) -> dict[str, Any]:
        return {
            "validate": "list",
            "source": f"={source}",
            "error_type": "warning",
            "error_title": self.words.say("Not in the list"),
            "error_message": self.words.say("This word is not in the list. Keep it?"),
        }

    def _named(self, choices: tuple[str, ...]) -> str:
        return self._lists.setdefault(choices, f"list_{len(self._lists) + 1}")

    def _all(self) -> list[tuple[str, tuple[str, ...]]]:
        below = ((f"{name}_{at}", told) for name, lists in self._below.items() for at, told in enumerate(lists, 1))
        return [*((name, choices) for choices, name in self._lists.items()), *below]

    def finish(self) -> None:
        """Write the lists of the drop-downs on a hidden sheet, under names: a list in place holds 255 characters."""
        lists = self._all()
        if not lists:
            return
        name = self.words.say("Word lists")
        sheet = self.workbook.add_worksheet(name)
        for row in range(max(len(choices) for _, choices in lists)):
            for at, (_, choices) in enumerate(lists):
                if row < len(choices):
                    sheet.write_string(row, at, fit(choices[row]))
        for at, (called, choices) in enumerate(lists):
            column = _letter(at)
            self.workbook.define_name(called, f"='{name}'!${column}$1:${column}${len(choices)}")
        sheet.hide()


@contextmanager
def book(path: Path, words: Words) -> Iterator[Book]:
    """A workbook at ``path``, complete when the block ends."""
    # The rows wait in a file of their own until the sheet is closed: in the same folder, not in everybody's.
    workbook = Workbook(str(path), _SAFE | {"tmpdir": str(path.parent)})
    try:
        opened = Book(workbook, words)
        yield opened
        opened.finish()
    finally:
        workbook.close()


def write(path: Path, extract: Extract, words: Words, mark: str) -> int:
    """Write a list to ``path`` with its definitions; ``mark`` says who made it when. Returns the rows written."""
    with book(path, words) as opened:
        sheet = opened.sheet(words.say("List"), mark)
        written = _list(opened, sheet, extract, mark)
        define(opened, extract, mark)
    return written


def _list(opened: Book, sheet: Worksheet, extract: Extract, mark: str) -> int:
    _frame(opened, sheet, extract)
    _top(opened, sheet, extract, mark)
    formats = [opened.looks[FORMATS[column.kind]] for column in extract.columns]
    last, row = _HEADING, _HEADING
    for row, cells in enumerate(extract.cells(opened.words), _HEADING + 1):
        sheet.write_number(row, 0, row - _HEADING, opened.looks["count"])
        for at, value in enumerate(cells, 1):
            put(sheet, row, at, value, formats[at - 1])
    last = max(row, _HEADING + 1)
    _close(opened, sheet, extract, last)
    return row - _HEADING


def _frame(opened: Book, sheet: Worksheet, extract: Extract) -> None:
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING)
    sheet.freeze_panes(_HEADING + 1, 2)
    sheet.set_column(0, 0, 6)
    for at, column in enumerate(extract.columns, 1):
        # What is written below the list later stays text, too.
        sheet.set_column(at, at, column.width, opened.plain if column.kind == "text" else None)


def _top(opened: Book, sheet: Worksheet, extract: Extract, mark: str) -> None:
    words, last = opened.words, _printed(extract)
    asked = [words.say("{label}: {value}", label=label, value=value) for label, value in extract.asked]
    unit = words.say("Reporting unit: {unit}", unit=extract.unit)
    scope = words.say("Area: {scope}", scope=extract.scope)
    rows = words.say("{count} rows", count=f"{extract.count:,}")
    sheet.set_row(0, 30)
    lines = [extract.title, f"{unit}    {scope}    {mark}", "    ".join([*asked, rows]), "    ".join(extract.notes)]
    for row, (line, look) in enumerate(zip(lines, ("title", "told", "told", "note"), strict=True)):
        sheet.merge_range(row, 0, row, last, "", opened.looks[look])
        sheet.write_string(row, 0, fit(line), opened.looks[look])
    sheet.set_row(_HEADING, 30)
    sheet.write_string(_HEADING, 0, words.say("No."), opened.looks["heading"])
    for at, column in enumerate(extract.columns, 1):
        look = "heading" if column.printed else "beside"
        sheet.write_string(_HEADING, at, words.say(column.label), opened.looks[look])


def _printed(extract: Extract) -> int:
    return max(1, sum(column.printed for column in extract.columns))


def _close(opened: Book, sheet: Worksheet, extract: Extract, last: int) -> None:
    sheet.print_area(0, 0, last, _printed(extract))
    sheet.autofilter(_HEADING, 0, last, len(extract.columns))
    for at, column in enumerate(extract.columns, 1):
        if column.choices:
            sheet.data_validation(_HEADING + 1, at, last, at, opened.offer(column.choices))


def define(opened: Book, extract: Extract, mark: str) -> None:
    """The sheet that says what every column and every figure means."""
    words = opened.words
    sheet = opened.sheet(words.say("Definitions"), mark)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 88)
    sheet.write_string(0, 0, words.say("Column"), opened.looks["heading"])
    sheet.write_string(0, 1, words.say("Meaning"), opened.looks["heading"])
    columns = (Meaning(words.say(column.label), (_meaning(column, words),)) for column in extract.columns)
    for row, meaning in enumerate((*columns, *extract.meanings), 1):
        sheet.write_string(row, 0, fit(meaning.term), opened.looks["term"])
        sheet.write_string(row, 1, fit("\n".join(meaning.lines)), opened.looks["wrapped"])
    sheet.freeze_panes(1, 0)


def _meaning(column: Column, words: Words) -> str:
    beside = "" if column.printed else words.say("Stands to the right of the printed area.")
    return " ".join(filter(None, (words.say(column.meaning), beside)))


def put(sheet: Worksheet, row: int, at: int, value: Cell, look: Format) -> None:
    """Write one value with its own type; text is always text."""
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, at, fit(value), look)
    elif isinstance(value, date | datetime):
        sheet.write_datetime(row, at, value, look)
    else:
        sheet.write_number(row, at, value, look)


def fit(text: str) -> str:
    """``text`` without signs a sheet can't hold, cut to what a cell holds."""
    return (text if text.isprintable() else clean(text))[:_LONGEST]


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letter(at // 26 - 1) + _letter(at % 26)
