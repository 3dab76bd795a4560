"""Matter check: the first pass over a ledger: each row read, placed, and compared with what stands here already."""

from typing import TYPE_CHECKING

import numpy as np

from services.importing.areas.by_name import AreaBook
from services.importing.cells import cells
from services.importing.cells.cells import Fault, Point
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.import_jobs import Job
from services.importing.job.reports import Remark, RowError, Sample
from services.importing.mapping.text_templates import MARK
from services.importing.matters import known
from services.importing.matters.rows import MatterReader
from services.importing.points import point_placing
from services.importing.points.datums import to_wgs84
from services.system.errors import listed

if TYPE_CHECKING:
    from services.importing.source.source import Row

_SAMPLES, _LOOKED_AT = 20, 20_000
_TWICE = (
    listed("This number stands in row {first} already."),
    listed("Remove one of the two rows, or correct the number."),
)
_OUTSIDE = listed("The point lies outside every area; the matter is counted in {area}.")
_DISAGREE = listed("The row names {named}, its point lies in {area}: the point counts.")
_KEPT = listed("{number} was moved on here since it was imported; it stays as it is here.")


class MatterChecker:
    """Checks a ledger. The entries it lets through are new or changed, and know where their points lie."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._reader = MatterReader(job.mapping, job.layer.columns, job.order)
        self._book = AreaBook(job)
        self._placer = point_placing.placer(job.session, job.root.path) if job.root else None
        # Where nobody has drawn a boundary yet, no point can lie outside.
        self._drawn = self._placer is not None and bool(self._placer.boundaries)
        self._points: list[tuple[float, float]] = []
        self._fresh = not known.is_known(job.session, job.mapping.options.ledger)
        self._seen: dict[int, int] = {}
        self._cells: dict[int, list[str]] = {}

    def read(self, row: "Row") -> MatterEntry | None:
        """The row as an entry, or its errors in the report."""
        found = self._faults(row) or self._reader.read(row.line, row.cells, _drawn_point(row))
        if isinstance(found, MatterEntry):
            first = self._seen.setdefault(hash(found.ref), row.line)
            if first == row.line:
                self._cells[row.line] = row.cells
                return found
            found = [Fault(_TWICE, first=first).error(row.line, self._job.mapping.column("ref"))]
        self._job.report.refuse(row.line, row.cells, found)
        return None

    def _faults(self, row: "Row") -> list[RowError]:
        """What makes the row as a whole not to be trusted."""
        return [RowError(row.line, "", row.fault.message, row.fault.params)] if row.fault else []

    def settle(self, entries: list[MatterEntry]) -> list[MatterEntry]:
        """Place a batch, refuse what nobody knows the area of, count the rest; new and changed ones come back."""
        self._place(entries)
        fit = [entry for entry in entries if self._at_home(entry)]
        wanted = self._compare(fit)
        self._cells.clear()
        self._job.report.masked = self._reader.masked
        return wanted

    def close(self) -> list[MatterEntry]:
        """What only all points together show: whether they are read in the wrong datum, or swapped."""
        if self._placer and self._points:
            lng, lat = zip(*self._points, strict=True)
            self._job.report.suspicion = point_placing.suspicion(
                self._placer, self._job.mapping.options.datum, lng, lat
            )
        return []

    def _place(self, entries: list[MatterEntry]) -> None:
        with_point = [entry for entry in entries if entry.lng is not None]
        if not with_point:
            return
        if len(self._points) < _LOOKED_AT:
            self._points += [(entry.lng, entry.lat) for entry in with_point]  # type: ignore[misc]
        lng, lat = to_wgs84(
            self._job.mapping.options.datum,
            np.array([entry.lng for entry in with_point], float),
            np.array([entry.lat for entry in with_point], float),
        )
        held = self._placer.place(lng, lat).tolist() if self._placer else [-1] * len(with_point)
        for entry, x, y, area in zip(with_point, lng.tolist(), lat.tolist(), held, strict=True):
            entry.lng, entry.lat, entry.area_id = round(x, 7), round(y, 7), area

    def _at_home(self, entry: MatterEntry) -> bool:
        """Whether the row has an area; remarks where its point has none, or another than it names."""
        found = self._book.find(entry.names)
        if found.unknown and entry.area_id < 0:
            level, word = found.unknown
            error = Fault(cells.UNKNOWN, value=word).error(entry.line, self._job.mapping.column(level))
            self._job.report.refuse(entry.line, self._cells[entry.line], [error])
            return False
        if entry.lng is not None and entry.area_id < 0 and self._drawn:
            ends = found.missing[-1][1] if found.missing else found.area.name if found.area else ""
            self._remark("outside", entry, _OUTSIDE, area=ends)
        elif entry.area_id >= 0 and entry.names and not found.missing and not found.unknown:
            self._agree(entry)
        return True

    def _agree(self, entry: MatterEntry) -> None:
        named, held = self._book.find(entry.names).area, self._book.by_id[entry.area_id]
        if named and named.path.startswith(held.path):
            entry.area_id = named.id
        elif named and not held.path.startswith(named.path):
            self._remark("disagree", entry, _DISAGREE, named=named.name, area=held.name)

    def _remark(self, name: str, entry: MatterEntry, message: str, **params: object) -> None:
        self._job.report.remark(name, Remark(entry.line, entry.title.replace(MARK, "…"), message, params))

    def _compare(self, entries: list[MatterEntry]) -> list[MatterEntry]:
        found = known.sort(self._job.session, entries, self._job.prefix, fresh=self._fresh)
        for entry, matter in found.kept:
            self._remark("kept", entry, _KEPT, number=matter.number)
        report = self._job.report
        report.new += len(found.new)
        report.changed += len(found.changed)
        report.unchanged += found.unchanged
        report.on_time += sum(entry.on_time is True for entry in found.new)
        report.late += sum(entry.on_time is False for entry in found.new)
        report.samples += [self._sample(entry) for entry in found.new[: _SAMPLES - len(report.samples)]]
        return [*found.new, *(entry for entry, _ in found.changed)]

    def _sample(self, entry: MatterEntry) -> Sample:
        found = self._book.find(entry.names)
        held = self._book.by_id.get(entry.area_id) or found.area
        area = found.missing[-1][1] if found.missing and entry.area_id < 0 else held.name if held else ""
        told = {"state": entry.state, "category": entry.category or "", "source": entry.source, "unit": entry.unit}
        title = entry.title.replace(MARK, area)
        return Sample(entry.line, title, told | {"area": area, "opened": entry.opened_at.isoformat()})


def _drawn_point(row: "Row") -> Point | None:
    """The point of a row of a geographic file; of a line or a face its first corner."""
    found = (row.geometry or {}).get("coordinates")
    while found and isinstance(found[0], list | tuple):
        found = found[0]
    return Point(float(found[0]), float(found[1])) if found else None
