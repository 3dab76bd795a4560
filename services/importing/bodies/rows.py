"""Body rows: a row about an organisation, a venue, an office or a forum, or everything that is wrong with it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from services.importing.bodies.body_entries import BodyEntry
from services.importing.cells import cells
from services.importing.cells.cells import Emptiness, Fault, Point
from services.importing.cells.lookups import Lookup
from services.importing.cells.nearest_words import held
from services.importing.job.reports import RowError
from services.importing.mapping import kinds, word_lists
from services.importing.mapping.kinds import Field
from services.importing.mapping.mapping import Mapping
from services.places.bodies import BODIES
from services.system.errors import listed

if TYPE_CHECKING:
    from services.importing.source.source import Row

T = TypeVar("T")
_CODE = re.compile(r"[^\s/]{1,48}")
_WORD = 96
_BAD_CODE = (
    listed("{value} is no code."),
    listed("Write at most 48 signs without blanks and slashes, or leave the cell empty."),
)
_KIND = (
    listed("The row does not say of which kind it is, and its name does not show it."),
    listed("Fill in the column, or choose a kind for all rows."),
)


class BodyReader:
    """Reads the rows of one file of bodies."""

    def __init__(self, told: Mapping, columns: list[str]) -> None:
        self._told, self._body = told, BODIES[told.kind]
        self._fields = kinds.fields(told.kind)
        self._empty, self._lookup = Emptiness(told.options.nothing), Lookup(told)
        self._at = {
            field: [columns.index(name) for name in named if name in columns] for field, named in told.columns.items()
        }
        self._errors: list[RowError] = []
        self._row: list[str] = []
        self._line = 0

    def read(self, row: "Row") -> BodyEntry | list[RowError]:
        """The row as an entry, or everything that is wrong with it."""
        if row.fault:
            return [RowError(row.line, "", row.fault.message, row.fault.params)]
        self._errors, self._row, self._line = [], row.cells, row.line
        name = self._name(self._body.name)
        point = self._point() or _drawn(row)
        entry = BodyEntry(
            line=row.line,
            code=self._code(),
            name=name,
            values=self._values(name),
            area=self._text("area", _WORD),
            parent=self._text("parent", _WORD),
            organisation=self._text("organisation", _WORD),
            lng=point.lng if point else None,
            lat=point.lat if point else None,
            cells=row.cells,
        )
        return self._errors or entry

    def _cell(self, field: str) -> str:
        return " ".join(filter(None, (self._empty.tidy(self._row[at]) for at in self._at.get(field, []))))

    def _try(self, field: str, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except Fault as fault:
            column = self._told.column(field) or self._fields[field].en
            self._errors.append(fault.error(self._line, column))
            return None

    def _text(self, field: str, limit: int) -> str:
        cell = self._cell(field)
        return (self._try(field, lambda: cells.checked(cell, limit)) or "") if cell else ""

    def _name(self, field: str) -> str:
        def needed() -> str:
            if not (cell := self._cell(field)):
                raise Fault(cells.MISSING)
            return cells.checked(cell, self._body.limit(field))

        return self._try(field, needed) or ""

    def _code(self) -> str:
        def code() -> str:
            cell = self._cell("code")
            if cell and not _CODE.fullmatch(cells.checked(cell, 48)):
                raise Fault(_BAD_CODE, value=cell[:40])
            return cell

        return self._try("code", code) or ""

    def _values(self, name: str) -> dict[str, Any]:
        values: dict[str, Any] = {self._body.name: name}
        for field, column in self._body.columns.items():
            told = self._fields[field]
            if told.vocabulary and told.type == "word":
                if self._may_stay(told, column):
                    continue
                values[column] = self._kind(told, name)
            elif field in self._at and told.type != "organisation":
                values[column] = self._value(told, column)
        return values

    def _may_stay(self, told: Field, column: str) -> bool:
        """Whether nothing is said about a column that has a value of its own to begin with."""
        return self._body.table.c[column].server_default is not None and not self._cell(told.code)

    def _kind(self, told: Field, name: str) -> str:
        def kind() -> str:
            word = self._cell(told.code)
            known = word_lists.meanings(told.vocabulary)
            default = self._told.options.defaults.get(told.code, "")
            code = self._lookup.code(told.code, word) if word else held(name, known) or default
            if code is None:
                raise Fault(cells.UNKNOWN, value=word[:40])
            if not (code or default):
                raise Fault(_KIND)
            return code or default

        return self._try(told.code, kind) or ""

    def _value(self, told: Field, column: str) -> Any:
        cell = self._cell(told.code)
        if told.type == "count":
            return self._try(told.code, lambda: cells.count(cell)) if cell else None
        if told.type == "yes":
            return self._yes(told.code, cell)
        return self._text(told.code, self._body.limit(column))

    def _yes(self, field: str, cell: str) -> bool:
        def answer() -> bool:
            code = self._lookup.code(field, cell) if cell else "yes"
            if code is None:
                raise Fault(cells.UNKNOWN, value=cell[:40])
            return code != "no"

        found = self._try(field, answer)
        return found is not False

    def _point(self) -> Point | None:
        if "point" in self._at:
            return self._try("point", lambda: cells.pair_point(self._cell("point")))
        if "lng" not in self._at:
            return None
        if "lat" not in self._at:
            return self._try("lng", lambda: cells.pair_point(self._cell("lng")))
        return self._try("lng", lambda: cells.point(self._cell("lng"), self._cell("lat")))


def _drawn(row: "Row") -> Point | None:
    found = (row.geometry or {}).get("coordinates")
    while found and isinstance(found[0], list | tuple):
        found = found[0]
    return Point(float(found[0]), float(found[1])) if found else None
