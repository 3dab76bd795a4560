"""Local files: what a place says otherwise than the program's own data, in MULIN_LOCAL_FOLDER, without any code.

A file with a wrong line is not used at all: half a calendar would be worse than none. What is wrong is listed.
"""

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from services.system import data_files
from services.system.settings import DATA, settings
from services.words.i18n import listed

T = TypeVar("T")
Parse = Callable[[dict[str, str]], T]
Stamp = tuple[tuple[str, int, int], ...]

MAX_BYTES = 1_000_000
_LOOKED_EVERY_SECONDS = 2.0
_UNREADABLE = listed("The file can't be read as a table. Save it as “CSV UTF-8” with one header row, up to 1 MB.")
_COLUMNS = listed("The first row must name the columns, and these are missing: {missing}. Add them.")


@dataclass(frozen=True)
class Problem:
    """Why a local file is not used: the file, the line (the header is 1), and a sentence that says what to do."""

    file: str
    line: int
    message: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked(Generic[T]):
    """The rows of a file that can be used, the path they come from, and what is wrong with a local one."""

    rows: tuple[T, ...]
    path: Path
    problems: tuple[Problem, ...] = ()

    @property
    def local(self) -> bool:
        """Whether the rows are the place's own, not the program's."""
        return not self.path.is_relative_to(DATA)


class Wrong(Exception):
    """A line that can't be used, with the sentence that says why."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message, self.params = message, params


def stamp() -> Stamp:
    """Changes with every local file; the folder is looked at every two seconds at most."""
    return _stamp(settings().local_folder, int(time.monotonic() / _LOOKED_EVERY_SECONDS))


@lru_cache(maxsize=4)
def _stamp(folder: Path, _tick: int) -> Stamp:
    found = sorted(folder.glob("*.csv")) + sorted(folder.glob("calendars/*.csv"))
    facts = ((str(file), file.stat()) for file in found if file.is_file())
    return tuple((name, fact.st_mtime_ns, fact.st_size) for name, fact in facts)


def forget() -> None:
    """Look at the folder again at once."""
    _stamp.cache_clear()


def read(name: str, columns: tuple[str, ...], parser: Callable[[], Parse[T]]) -> Checked[T]:
    """The rows of the local file ``name`` when it is there and right, else of the program's own.

    ``parser`` makes what reads the lines of one file: it may remember what stood there before.
    """
    local = settings().local_folder / name
    rows, problems = _parsed(local, name, columns, parser()) if local.is_file() else ([], [])
    if local.is_file() and not problems:
        return Checked(tuple(rows), local)
    shipped = data_files.rows(name) if (DATA / name).is_file() else []
    return Checked(tuple(map(parser(), shipped)), DATA / name, tuple(problems))


def _parsed(path: Path, name: str, columns: tuple[str, ...], parse: Parse[T]) -> tuple[list[T], list[Problem]]:
    try:
        found = _cells(path)
    except (OSError, ValueError, csv.Error):
        return [], [Problem(name, 1, _UNREADABLE)]
    missing = [column for column in columns if found and column not in found[0]]
    if missing or not found:
        return [], [Problem(name, 1, _COLUMNS, {"missing": ", ".join(missing or columns)})]
    rows, problems = list[T](), list[Problem]()
    for line, cells in enumerate(found, 2):
        try:
            rows.append(parse(cells))
        except Wrong as wrong:
            problems.append(Problem(name, line, wrong.message, wrong.params))
    return rows, problems


def _cells(path: Path) -> list[dict[str, str]]:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file, restkey="", restval="")
        return [{name: cell.strip() for name, cell in row.items() if name} for row in table]
