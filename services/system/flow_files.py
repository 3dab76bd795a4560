"""Flow files: the folders under data/flows, and those an office adds under flows/ of its local folder.

A folder is a flow; its name is the flow's code. All folders are read together into one ``Book``. The process works by
the first one it reads until another one is adopted whole, and what is worked out from a book is kept on that book: so
whatever happens to the files, rows of two readings never stand side by side. ``services.engine`` says what the rows
mean and whether they may.
"""

import csv
import functools
import re
import tomllib
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from services.system.errors import listed
from services.system.settings import DATA, settings

SHIPPED = DATA / "flows"
# The columns a file can't do without; a rights.csv has one for each role besides.
COLUMNS = {
    "states.csv": ("state", "kind", "station", "public", "waits_for", "zh", "en"),
    "arrows.csv": ("from", "action", "to", "zh", "en", "needs", "guards", "deadline", "tone", "counts"),
    "fields.csv": ("field",),
    "links.csv": ("kind", "to", "when", "does"),
    "checklists.csv": ("state", "question", "required", "zh", "en"),
    "rights.csv": ("action",),
    "moved.csv": ("state", "to"),
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,15}")

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, str]


@dataclass(frozen=True)
class Flaw:
    """What can't be read in a file: the row (0: the whole file), and the sentence that says what to do."""

    file: str
    row: int
    message: str
    params: dict[str, object]


@dataclass(frozen=True, eq=False)
class Book:
    """What all the folders say, read at one time, and what can't be read in them.

    ``tables`` holds the rows of each file by flow and name; the files beside the folders have no flow.
    """

    folders: dict[str, Path]
    heads: dict[str, dict[str, Any]]
    tables: dict[tuple[str, str], tuple[Row, ...]]
    flaws: tuple[Flaw, ...]
    derived: dict[Hashable, Any] = field(default_factory=dict)


_PRESENT: list[Book] = []
_TRIED: ContextVar[Book | None] = ContextVar("tried", default=None)


def book() -> Book:
    """The book that counts here: the one being tried, or the one this process works by."""
    return _TRIED.get() or (_PRESENT[0] if _PRESENT else adopt(on_disk()))


def adopt(found: Book) -> Book:
    """Let the process work by ``found`` from now on: all of it at once."""
    _PRESENT[:] = [found]
    return found


@contextmanager
def trying(found: Book) -> Iterator[None]:
    """Let everything that is asked inside be answered by ``found``, as if the process worked by it."""
    token = _TRIED.set(found)
    try:
        yield
    finally:
        _TRIED.reset(token)


def forget() -> None:
    """Read the folders when they are next asked for, as a fresh process does."""
    _PRESENT.clear()


def of_book(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what ``function`` works out from the rows for as long as the book they stand in."""

    @functools.wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        found, key = book().derived, (function, args)
        if key not in found:
            found[key] = function(*args, **kwargs)
        answer: R = found[key]
        return answer

    return kept


def folders() -> dict[str, Path]:
    """The folder of each flow by its code, in the order its ``flow.toml`` asks for."""
    return book().folders


def own() -> tuple[str, ...]:
    """The flows an office has added in its local folder, by code."""
    return tuple(code for code, folder in folders().items() if folder.parent != SHIPPED)


def head(folder: Path) -> dict[str, Any]:
    """What ``flow.toml`` says; nothing where it can't be read, which is a flaw of the book."""
    return book().heads.get(folder.name, {})


@of_book
def rows(name: str) -> tuple[Row, ...]:
    """The rows of every flow's file ``name``, each with ``flow`` and ``row``, its line in the file."""
    return tuple(row for flow in folders() for row in book().tables.get((flow, name), ()))


@of_book
def shared(name: str) -> tuple[Row, ...]:
    """The rows of the file ``name`` beside the folders, which every flow has; an office's own come last."""
    return book().tables.get(("", name), ())


def layered(name: str, key: str, own: Iterable[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The shared rows and a flow's ``own`` by ``key``; what an own row leaves empty is as the shared one has it."""
    found = dict[str, dict[str, str]]()
    for row in (*shared(name), *own):
        said = {column: value for column, value in row.items() if value or column in ("flow", key)}
        found[row.get(key, "")] = found.get(row.get(key, ""), {}) | said
    return found


def on_disk() -> Book:
    """The book as the files are now. Files that did not change are not read again."""
    roots = (SHIPPED, settings().local_folder / "flows")
    return _read(roots, _stamp(roots))


def _stamp(roots: tuple[Path, ...]) -> tuple[tuple[str, int, int], ...]:
    files = sorted(path for root in roots for path in (root, *root.rglob("*")) if path.exists())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@functools.lru_cache(maxsize=4)
def _read(roots: tuple[Path, ...], _stamped: tuple[tuple[str, int, int], ...]) -> Book:
    return _Reader(roots).book()


class _Reader:
    """Reads all folders once, and collects what can't be read instead of stopping there."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._flaws: list[Flaw] = []
        self._folders = dict[str, Path]()
        self._tables = dict[tuple[str, str], tuple[Row, ...]]()
        for root in roots:
            for path in sorted(root.glob("*.csv")):
                before = self._tables.get(("", path.name), ())
                self._tables["", path.name] = before + self._rows("", path)
            for folder in sorted(path for path in root.glob("*") if path.is_dir() and path.name[0] not in "._"):
                self._add(folder)

    def _add(self, folder: Path) -> None:
        code = folder.name
        if not _CODE.fullmatch(code):
            message = listed(
                "{file}: a flow's folder can't be called so. Use at most 16 small letters, digits and underscores."
            )
            self._flaw(code, "", 0, message)
        elif code in self._folders:
            message = listed("{file} stands in {other} too. Give one of the two folders another name.")
            self._flaw(code, "", 0, message, other=self._folders[code].parent)
        else:
            self._folders[code] = folder
            for path in sorted(folder.glob("*.csv")):
                self._tables[code, path.name] = self._rows(code, path)

    def book(self) -> Book:
        """What was read."""
        heads = {code: self._head(code, folder) for code, folder in self._folders.items()}
        in_order = sorted(self._folders, key=lambda code: (_order(heads[code]), code))
        ordered = {code: self._folders[code] for code in in_order}
        return Book(ordered, heads, self._tables, tuple(self._flaws))

    def _head(self, code: str, folder: Path) -> dict[str, Any]:
        path = folder / "flow.toml"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._flaw(code, path.name, 0, listed("{file} is missing. Write it, or take the folder away."))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            told = listed("{file} can't be read: {error}. Correct that line.")
            self._flaw(code, path.name, 0, told, error=error)
        return {}

    def _rows(self, flow: str, path: Path) -> tuple[Row, ...]:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return tuple(self._table(flow, path.name, csv.DictReader(file, strict=True)))
        except UnicodeDecodeError:
            message = listed("{file} is not UTF-8. Save it as “CSV UTF-8”.")
            self._flaw(flow, path.name, 0, message)
        except (OSError, csv.Error) as error:
            message = listed("{file} can't be read as a table: {error}. Save it as “CSV UTF-8” with one header row.")
            self._flaw(flow, path.name, 0, message, error=error)
        return ()

    def _table(self, flow: str, name: str, found: "csv.DictReader[str]") -> Iterator[Row]:
        lost = [column for column in COLUMNS.get(name, ()) if column not in (found.fieldnames or ())]
        if lost:
            message = listed("{file}: the header lacks the columns {missing}. Add them, empty where there is nothing.")
            self._flaw(flow, name, 0, message, missing=" ".join(lost))
            return
        for row in found:
            at = found.line_num
            if None in row:
                message = listed(
                    "{file}, row {row}: it has more cells than the header. Put a text that has a comma in double"
                    " quotes."
                )
                self._flaw(flow, name, at, message)
            yield {key: (row[key] or "").strip() for key in row if key} | {"flow": flow, "row": str(at)}

    def _flaw(self, flow: str, name: str, row: int, message: str, **params: object) -> None:
        file = "/".join(part for part in ("flows", flow, name) if part)
        self._flaws.append(Flaw(file, row, message, params))


def _order(head: dict[str, Any]) -> float:
    told = head.get("order", 99)
    return told if isinstance(told, int | float) else 99
