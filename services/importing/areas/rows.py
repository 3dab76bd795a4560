"""Rows about areas, in our own terms, and what can be wrong with one."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from services.importing.cells.column_profiles import counted
from services.importing.points.datums import to_wgs84 as points_to_wgs84
from services.importing.points.geometries import DIGITS, Outline, outline, to_wgs84
from services.importing.source.reading_notes import Note
from services.system.errors import listed
from services.words.cleaning import clean
from services.words.vocabulary import codes

NAME = 64
# A program that took codes for numbers wrote 430103001 as 430103001.0.
_WHOLE = re.compile(r"(?<=\d)\.0$")
_MISSING = listed("This cell is empty. Fill it in.")
_LONG = listed("The cell is {length} characters long. Shorten it to {limit}.")
_COUNT = listed("This is not a whole number of at least 0: {value}. Correct it.")
_KIND = listed("A kind is told only of estates. Leave the cell empty, or correct the level.")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: its line in the file, the field, and a sentence that says what to do."""

    line: int
    field: str
    message: str
    params: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass
class AreaRow:
    """One area as a file tells it. Empty means: not told. ``parents`` are codes or names, the nearest last.

    ``point`` (WGS-84 degrees) stands for an area without an outline.
    """

    line: int
    code: str
    name: str
    parents: list[str]
    level: str
    kind: str
    households: int | None
    outline: Outline | None
    point: tuple[float, float] | None = None

    def place(self, point: tuple[float, float] | None, datum: str) -> None:
        """Let a point of ``datum`` stand for the area; none says nothing."""
        if point is not None:
            lng, lat = points_to_wgs84(datum, *point)
            self.point = round(float(lng), DIGITS), round(float(lat), DIGITS)


def read(
    line: int,
    told: dict[str, str],
    parents: list[str],
    geometry: dict[str, Any] | None,
    *,
    datum: str = "wgs84",
    repair: bool = False,
) -> AreaRow | list[Problem]:
    """A row from cells by field (code, name, level, kind, households; level and kind are codes already)."""
    cells = {name: clean(cell) for name, cell in told.items()}
    problems = [problem for problem in (_name(line, cells), _households(line, cells), _kind(line, cells)) if problem]
    drawn = outline(to_wgs84(geometry, datum), repair=repair) if geometry else None
    if isinstance(drawn, Note):
        problems.append(Problem(line, "outline", drawn.message, drawn.params))
    if problems or isinstance(drawn, Note):
        return problems
    households = counted(cells.get("households", ""))
    return AreaRow(
        line=line,
        code=_WHOLE.sub("", cells.get("code", "")),
        name=cells["name"],
        parents=[name for name in map(clean, parents) if name],
        level=cells.get("level", ""),
        kind=cells.get("kind", ""),
        households=None if households is None else int(households),
        outline=drawn,
    )


def _name(line: int, cells: dict[str, str]) -> Problem | None:
    name = cells.get("name", "")
    if not name:
        return Problem(line, "name", _MISSING)
    return Problem(line, "name", _LONG, {"length": len(name), "limit": NAME}) if len(name) > NAME else None


def _households(line: int, cells: dict[str, str]) -> Problem | None:
    value = cells.get("households", "")
    found = counted(value) if value else 0
    # 2,147,483,647 is the largest number a column of either database holds.
    fine = found is not None and found == int(found) and 0 <= found < 1e8
    return None if fine else Problem(line, "households", _COUNT, {"value": value[:40]})


def _kind(line: int, cells: dict[str, str]) -> Problem | None:
    kind = cells.get("kind", "")
    if kind and (kind not in codes("estate") or cells.get("level", "estate") not in ("", "estate")):
        return Problem(line, "kind", _KIND)
    return None
