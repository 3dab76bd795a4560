"""Place packs: a folder of data under ``data/places`` that describes one place, and rows that know where they stand."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.system import data_files
from services.system.errors import Refused
from services.system.settings import DATA

PLACES = DATA / "places"
_NOT_ASKED = ("folder", "demo", "fictional")


@dataclass(frozen=True)
class Pack:
    """What ``place.toml`` says: the place, the prefix of its numbers, where it comes from, how it plays.

    ``demo`` may name, by role, the organisation a demo identity stands for. A ``fictional`` one describes no real
    place: it is loaded only by its name.
    """

    slug: str
    name: str
    prefix: str
    root: str
    sample: bool
    notice: Mapping[str, str]
    provenance: Mapping[str, str]
    playbook: Mapping[str, Any]
    folder: Path
    demo: Mapping[str, str] = field(default_factory=dict)
    fictional: bool = False

    @property
    def samples(self) -> Path:
        """The folder of its sample records, which need not be there."""
        return self.folder / "demo"


@dataclass(frozen=True)
class Row:
    """A row of a pack's file, which knows where it stands when something in it is wrong."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        if column not in self.cells:
            raise Refused("{file} has no column {column}. Add it to the header row.", file=self.file, column=column)
        return self.cells[column]

    def maybe(self, column: str) -> str:
        """The cell; empty where the file has no such column."""
        return self.cells.get(column, "")

    def one_of(self, column: str, known: Collection[str]) -> str:
        """The cell, which must be one of ``known``."""
        value = self[column]
        if value not in known:
            raise Refused(
                "{file}, row {row}: {column} {value} is not known. Correct the row, or add what is missing.",
                file=self.file,
                row=self.line,
                column=column,
                value=value or '""',
            )
        return value

    def number(self, column: str) -> float | None:
        """The cell as a number; none when it is empty."""
        value = self[column]
        try:
            return float(value) if value else None
        except ValueError:
            raise self.not_a_number(column) from None

    def count(self, column: str) -> int | None:
        """The cell as a whole number of at least 0; none when it is empty."""
        value = self[column]
        if value and not value.isdecimal():
            raise self.not_a_number(column)
        return int(value) if value else None

    def position(self, column: str) -> float:
        """The cell as degrees, which must be there."""
        value = self.number(column)
        if value is None or not -180 <= value <= 180:
            raise self.not_a_number(column)
        return value

    def not_a_number(self, column: str) -> Refused:
        """The refusal that says what the cell holds instead."""
        return Refused(
            "{file}, row {row}: {column} is not a number that fits here: {value}. Correct the row.",
            file=self.file,
            row=self.line,
            column=column,
            value=self[column] or '""',
        )

    def new(self, taken: Collection[str]) -> str:
        """The row's code, which must be there and not be taken yet."""
        code = self["code"]
        if not code or code in taken:
            raise Refused(
                "{file}, row {row}: the code {code} is missing or taken. Give every row a code of its own.",
                file=self.file,
                row=self.line,
                code=code or '""',
            )
        return code


def known_packs(folder: Path = PLACES) -> list[str]:
    """The slugs of the packs in ``folder``."""
    return sorted(found.parent.name for found in folder.glob("*/place.toml"))


@lru_cache
def pack(slug: str, folder: Path = PLACES) -> Pack:
    """What the pack called ``slug`` says of itself. Refused when there is none or it can't be read."""
    known = known_packs(folder)
    if slug not in known:
        raise Refused("No place pack named {slug}. Choose one of: {known}.", slug=slug[:40], known=", ".join(known))
    path = folder / slug / "place.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        fields = {name: told[name] for name in Pack.__dataclass_fields__ if name not in _NOT_ASKED}
    except (ValueError, KeyError) as error:
        raise unreadable(path, error) from error
    return Pack(**fields, folder=path.parent, demo=told.get("demo", {}), fictional=bool(told.get("fictional")))


def unreadable(path: Path, error: Exception) -> Refused:
    """The refusal for a file of a pack that is missing or damaged."""
    return Refused(
        "{file} can't be read: {problem}. Correct it and load the place again.", file=path.name, problem=str(error)
    )


def rows(told: Pack, name: str) -> Iterator[Row]:
    """The rows of one of the pack's files; the header is row 1."""
    try:
        cells = data_files.rows(name, told.folder)
    except (OSError, ValueError) as error:
        raise unreadable(told.folder / name, error) from error
    return (Row(name, line, row) for line, row in enumerate(cells, 2))
