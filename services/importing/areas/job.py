"""Areas as a kind of import: a sheet, a drawn file, or both one after the other, become the tree of a place."""

from typing import TYPE_CHECKING, Any

from services.importing.areas import area_plan
from services.importing.areas import drawn as drawn_areas
from services.importing.areas.rows import AreaRow, Problem, read
from services.importing.areas.tree import Base, Node
from services.importing.cells import cells
from services.importing.cells.cells import Emptiness, Fault, Point
from services.importing.cells.lookups import Lookup
from services.importing.job.import_jobs import Job
from services.importing.job.reports import RowError, Sample
from services.importing.mapping import kinds
from services.importing.mapping.mapping import NONE
from services.system.errors import listed

if TYPE_CHECKING:
    from services.importing.source.source import Row

MOST = 100_000
_SAMPLES = 20
_LIMIT = 64
_TOO_MANY = listed("A file of areas may have {limit} rows. Split it by sub-district.")
_WORDS = ("level", "kind")


def _base(job: Job) -> Base:
    """The root the areas hang from: that of the place, or of the place the mapping is going to make."""
    if job.root is not None and job.place is not None:
        return Base(job.root.code, job.root.name, job.root.level, job.place.prefix, job.root)
    ground = job.mapping.ground
    assert ground is not None
    return Base(ground.code, ground.name, ground.level, ground.prefix)


class AreaChecker:
    """Checks a file of areas. Where an area belongs shows only once all rows are read: entries come at the end."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._empty = Emptiness(job.mapping.options.nothing)
        self._lookup = Lookup(job.mapping)
        at = {name: number for number, name in enumerate(job.layer.columns)}
        self._at = {field: [at[name] for name in held if name in at] for field, held in job.mapping.columns.items()}
        self._rows: list[AreaRow] = []
        self._cells: dict[int, list[str]] = {}

    def read(self, row: "Row") -> AreaRow | None:
        """The row as an entry; none, with its errors in the report, when it can't be imported."""
        errors: list[RowError] = []
        told = {field: self._cell(row, field, errors) for field in self._at if field != "parent"}
        told |= {"name": drawn_areas.called(self._job.mapping, told.get("name", ""))}
        parents = [self._checked(row, "parent", at, errors) for at in self._at.get("parent", [])]
        point = self._point(row, told, errors)
        if row.fault:
            errors = [RowError(row.line, "", row.fault.message, row.fault.params)]
        found = errors or self._area(row, told, parents, point)
        if isinstance(found, AreaRow):
            return found
        self._job.report.refuse(row.line, row.cells, found)
        return None

    def _area(
        self, row: "Row", told: dict[str, str], parents: list[str], point: Point | None
    ) -> AreaRow | list[RowError]:
        options = self._job.mapping.options
        drawn = None if self._is_spot(row) else row.geometry
        found = read(row.line, told, parents, drawn, datum=options.datum, repair=options.repair)
        if not isinstance(found, AreaRow):
            return [self._error(problem) for problem in found]
        if len(self._rows) >= MOST:
            return [RowError(row.line, "", _TOO_MANY, {"limit": MOST})]
        found.place(point, options.datum)
        self._cells[row.line] = row.cells
        self._rows.append(found)
        return found

    def _is_spot(self, row: "Row") -> bool:
        """Whether the row's geometry is the point of a table, not an outline that should have been a surface."""
        table = self._job.source.kind not in ("geojson", "shapefile", "kml")
        return table and row.geometry is not None and row.geometry.get("type") == "Point"

    def _point(self, row: "Row", told: dict[str, str], errors: list[RowError]) -> Point | None:
        try:
            found = cells.point(told.pop("lng", ""), told.pop("lat", ""))
        except Fault as fault:
            errors.append(fault.error(row.line, self._column("lng")))
            return None
        return (
            Point(*row.geometry["coordinates"][:2]) if found is None and row.geometry and self._is_spot(row) else found
        )

    def _cell(self, row: "Row", field: str, errors: list[RowError]) -> str:
        parts = [self._checked(row, field, at, errors) for at in self._at[field]]
        word = " ".join(filter(None, parts))
        if not word:
            return "" if field == "level" else self._job.mapping.options.defaults.get(field, "")
        if field not in _WORDS:
            return word
        code = self._lookup.code(field, word)
        if code is None:
            errors.append(Fault(cells.UNKNOWN, value=word[:40]).error(row.line, self._column(field)))
        return code or NONE

    def _checked(self, row: "Row", field: str, at: int, errors: list[RowError]) -> str:
        try:
            return cells.checked(self._empty.tidy(row.cells[at]), _LIMIT)
        except Fault as fault:
            errors.append(fault.error(row.line, self._column(field)))
            return ""

    def _column(self, field: str) -> str:
        return self._job.mapping.column(field) or kinds.fields("areas")[field].en

    def _error(self, problem: Problem) -> RowError:
        return RowError(problem.line, self._column(problem.field), problem.message, problem.params)

    def settle(self, entries: list[AreaRow]) -> list[AreaRow]:
        """Nothing yet: a parent may stand in the last row."""
        del entries
        return []

    def close(self) -> list[AreaRow]:
        """Count the rows by what becomes of them; new and changed areas come back."""
        report = self._job.report
        found = area_plan.plan(self._job.session, _base(self._job), self._rows, level=_level(self._job))
        for problem in found.problems:
            report.refuse(problem.line, self._cells[problem.line], [self._error(problem)])
        report.new, report.changed = len(found.new), len(found.changed)
        report.unchanged = len(found.unchanged)
        report.samples += [_sample(node) for node in found.new[:_SAMPLES]]
        told = [*found.new, *found.changed]
        # The others may name the place as the file calls it.
        told += [node for node in found.unchanged if told and node is found.tree.root]
        return [node.row for node in told if node.row]


def _level(job: Job) -> str:
    return job.mapping.options.defaults.get("level", "")


def _sample(node: Node) -> Sample:
    row = node.row
    assert row is not None
    told: dict[str, Any] = {"code": node.code, "level": node.level, "parent": node.parent.name if node.parent else ""}
    return Sample(row.line, row.name, told)


class AreaWriter:
    """Writes the areas of one file in the job's transaction, and lets schematic tiles give way to what is drawn."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._rows: list[AreaRow] = []

    def write(self, entries: list[AreaRow]) -> None:
        """Keep a batch: the tree is planned as a whole."""
        self._rows += entries

    def close(self) -> None:
        """Plan again on what stands here now, and write."""
        found = area_plan.plan(self._job.session, _base(self._job), self._rows, level=_level(self._job))
        report = self._job.report
        for problem in found.problems:
            report.refuse(problem.line, [], [RowError(problem.line, problem.field, problem.message, problem.params)])
        report.new, report.changed = len(found.new), len(found.changed)
        area_plan.write(self._job.session, found, self._job.note)
