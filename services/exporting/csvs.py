"""CSV files: UTF-8 with a mark for Excel, one heading row, and no text that a spreadsheet would run.

A text that begins like a formula gets an apostrophe in front (OWASP, CSV injection); ``restored`` takes exactly that
one away again, so nothing is lost on the way back. A plain signed number stays as it is: no formula hides in a sign and
digits.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import StringIO

from services.exporting.lists.list_columns import Cell

BOM = "\ufeff"
_BATCH = 500
# Half and full width; also after blanks, quotes and signs that nobody sees, which some programs skip.
_DANGER = re.compile(r"['\"\s\u200b\u2060\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]")
_NUMBER = re.compile(r"[+-]\d+(?:\.\d+)?")


def safe(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    if not text or _NUMBER.fullmatch(text) or not _DANGER.match(text):
        return text
    return f"'{text}"


def restored(text: str) -> str:
    """What ``safe`` was given."""
    return text[1:] if text.startswith("'") and _DANGER.match(text[1:]) else text


def cell(value: Cell) -> str:
    """A value as a CSV file holds it: days and moments as 2026-11-22 09:30:00, numbers plain, text made safe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else str(value)


def lines(heading: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The file in pieces of some hundred rows: a million rows need no more memory than these."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([safe(label) for label in heading])
    for count, row in enumerate(rows, 1):
        writer.writerow([cell(value) for value in row])
        if count % _BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
