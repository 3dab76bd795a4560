"""Body check: rows about organisations, venues, offices and forums, compared with what stands in the place."""

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlmodel import col, select

from models.area import Area
from models.organisation import Organisation
from services.importing.areas.names import AreaNames
from services.importing.bodies.body_entries import BodyEntry
from services.importing.bodies.parents import Parents
from services.importing.bodies.rows import BodyReader
from services.importing.cells import cells
from services.importing.cells.cells import Fault
from services.importing.job.import_jobs import Job
from services.importing.job.reports import Remark, RowError, Sample
from services.importing.mapping.mapping import NONE
from services.importing.mapping.word_lists import folded
from services.importing.matters.units import known_units
from services.importing.points import point_placing
from services.importing.points.datums import to_wgs84
from services.places import areas
from services.places.bodies import BODIES
from services.system.errors import Refused, listed

if TYPE_CHECKING:
    from services.importing.source.source import Row

MOST = 100_000
_SAMPLES = 20
_TOO_MANY = listed("A file of this kind may have {limit} rows. Split it.")
_TWICE = (
    listed("This code or name stands in row {first} already."),
    listed("Remove one of the two rows, or give each a code of its own."),
)
_ELSEWHERE = (listed("The code {value} is taken in another place."), listed("Give the row another code."))
_SEVERAL = (listed("More than one row here is called {value}."), listed("Write its code, or its area."))
_NO_BODY = (
    listed("There is no organisation {value} here, or more than one."),
    listed("Write its code, or import the organisations first."),
)
_OUTSIDE = listed("The point lies outside every area; it is put into {area}.")


class BodyChecker:
    """Checks a file of bodies. What they hang on shows only when all rows are read: entries come at the end."""

    def __init__(self, job: Job) -> None:
        if job.root is None:
            raise Refused("Make the place first, and import its areas; then import what stands in it.")
        self._job, self._body, self._root = job, BODIES[job.mapping.kind], job.root
        self._reader = BodyReader(job.mapping, job.layer.columns)
        tree = areas.under(job.session, self._root.path)
        self._areas, self._by_id = AreaNames(tree), {area.id: area for area in tree}
        self._placer = point_placing.placer(job.session, self._root.path)
        self._coded, self._named = dict[str, Any](), dict[str, list[Any]]()
        for row in self._standing():
            self._coded[row.code] = row
            self._named.setdefault(folded(getattr(row, self._body.name)), []).append(row)
        self._units = known_units(job.session, self._root)
        self._entries: list[BodyEntry] = []
        self._seen: dict[str, int] = {}

    def _standing(self) -> list[Any]:
        """The rows of this kind in the place."""
        model: Any = self._body.model
        query = select(model).join(Area, col(Area.id) == model.area_id).where(areas.within(self._root.path))
        return list(self._job.session.exec(query.order_by(model.id)))

    def read(self, row: "Row") -> BodyEntry | None:
        """The row as an entry; none, with its errors in the report, when it can't be imported."""
        found = self._reader.read(row)
        if isinstance(found, BodyEntry):
            if len(self._entries) >= MOST:
                raise Refused(_TOO_MANY, limit=MOST)
            self._entries.append(found)
            return found
        self._job.report.refuse(row.line, row.cells, found)
        return None

    def settle(self, entries: list[BodyEntry]) -> list[BodyEntry]:
        """Points become WGS-84; nothing is settled before the end."""
        found = [entry for entry in entries if entry.lng is not None]
        if found:
            given = (np.array([(entry.lng, entry.lat) for entry in found], float)).T
            lng, lat = to_wgs84(self._job.mapping.options.datum, given[0], given[1])
            for entry, x, y in zip(found, lng.tolist(), lat.tolist(), strict=True):
                entry.lng, entry.lat = round(x, 7), round(y, 7)
        return []

    def close(self) -> list[BodyEntry]:
        """New and changed entries, what others hang on before what hangs on it."""
        fit = [entry for entry in self._entries if not self._refused(entry, self._known(entry))]
        if self._job.mapping.kind == "organisations":
            parents = Parents(fit, known_units(self._job.session, self._root), self._job.mapping.column("parent"))
            errors = parents.errors()
            for entry in fit:
                self._refused(entry, errors.get(entry.line, []))
            fit = parents.ordered(lambda entry: entry.line not in errors)
        return [entry for entry in fit if self._wanted(entry)]

    def _refused(self, entry: BodyEntry, errors: list[RowError]) -> bool:
        if errors:
            self._job.report.refuse(entry.line, entry.cells, errors)
        return bool(errors)

    def _known(self, entry: BodyEntry) -> list[RowError]:
        """Look up what the entry names; everything that is not there, as errors."""
        steps = ((self._area, "area"), (self._code, "code"), (self._place, "lng"), (self._organisation, "organisation"))
        errors = []
        for step, field in steps:
            try:
                step(entry)
            except Fault as fault:
                errors.append(fault.error(entry.line, self._column(field)))
        return errors

    def _column(self, field: str) -> str:
        return self._job.mapping.column(field) or self._job.mapping.column(self._body.name)

    def _area(self, entry: BodyEntry) -> None:
        if not entry.area:
            return
        told = self._job.mapping.values.get("area", {}).get(entry.area)
        named = self._areas.by_code.get(told) if told else self._areas.find(entry.area)
        if named is not None and told != NONE:
            entry.values["area_id"] = named.id
        elif told != NONE:
            raise Fault(cells.UNKNOWN, value=entry.area[:40])

    def _code(self, entry: BodyEntry) -> None:
        # Two posts may bear one title in two grids, so a name counts together with its area.
        key = entry.code or f"{folded(entry.name)} {entry.values.get('area_id', '')}"
        first = self._seen.setdefault(key, entry.line)
        if first != entry.line:
            raise Fault(_TWICE, first=first)
        here = self._coded.get(entry.code) if entry.code else self._called(entry)
        if here is not None:
            entry.id, entry.code = here.id, here.code
        elif entry.code and self._taken(entry.code):
            raise Fault(_ELSEWHERE, value=entry.code)

    def _called(self, entry: BodyEntry) -> Any | None:
        """The one row of this name, in the area if the entry names one."""
        home, called = entry.values.get("area_id"), self._named.get(folded(entry.name), [])
        right = [row for row in called if home in (None, row.area_id)]
        if len(right) > 1:
            raise Fault(_SEVERAL, value=entry.name[:40])
        return right[0] if right else None

    def _taken(self, code: str) -> bool:
        model: Any = self._body.model
        return self._job.session.exec(select(model.id).where(model.code == code)).first() is not None

    def _place(self, entry: BodyEntry) -> None:
        """Where a venue stands; and the area of whatever is new and names none: the point's, or the whole place."""
        held = None
        if self._body.kind == "venues":
            held = self._at_point(entry)
        if entry.id is None:
            entry.values.setdefault("area_id", (held or self._root).id)

    def _at_point(self, entry: BodyEntry) -> Area | None:
        if entry.lng is None or entry.lat is None:
            return None
        entry.values |= {"lng": entry.lng, "lat": entry.lat}
        held = self._by_id.get(int(self._placer.place([entry.lng], [entry.lat])[0]))
        if held is None and "area_id" not in entry.values:
            self._job.report.remark("outside", Remark(entry.line, entry.name, _OUTSIDE, {"area": self._root.name}))
        return held

    def _organisation(self, entry: BodyEntry) -> None:
        word = entry.organisation
        if not word:
            return
        found = [unit for unit in self._units if word == unit.code]
        found = found or [unit for unit in self._units if folded(unit.name) == folded(word)]
        if len(found) != 1:
            raise Fault(_NO_BODY, value=word[:40])
        entry.values["organisation_id"] = found[0].id

    def _wanted(self, entry: BodyEntry) -> bool:
        report = self._job.report
        here = self._job.session.get(self._body.model, entry.id) if entry.id else None
        if here is None:
            report.new += 1
            if len(report.samples) < _SAMPLES:
                area = self._by_id[entry.values["area_id"]].name
                told = {"kind": str(entry.values.get("kind", "")), "area": area, "code": entry.code}
                report.samples.append(Sample(entry.line, entry.name, told))
            return True
        above = self._job.session.get(Organisation, getattr(here, "parent_id", None) or 0)
        moved = bool(entry.parent) and entry.parent != (above.code if above else "")
        changed = moved or any(getattr(here, name) != value for name, value in entry.values.items())
        report.changed += changed
        report.unchanged += not changed
        return changed
