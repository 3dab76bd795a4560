"""A column of a table that holds geometry as text: WKT, as open data of many cities has it (``the_geom``)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.importing.reader.delimited import Record
from services.importing.reader.writing import Layer
from services.importing.source.reading_notes import Note
from services.system.errors import Refused, listed

Write = Callable[[int, list[str], Note | None], None]
_WKT = re.compile(r"\s*(?:SRID=\d+;\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:(?:ZM|Z|M)\s*)?\(", re.IGNORECASE)
_POINT = re.compile(r"\s*(?:SRID=\d+;\s*)?POINT\s*\(\s*([-+.\deE]+)\s+([-+.\deE]+)\s*\)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?")
_WRONG = listed("The outline of this row can't be read. Export the file again.")
_READ = listed("The outlines are read from the column {column}.")


@dataclass(frozen=True)
class Column:
    """The column that holds outlines; none when ``at`` is negative."""

    at: int
    name: str = ""
    point: bool = False

    def writer(self, layer: Layer) -> Write:
        """What writes a row of the table: with its geometry where there is one."""
        if self.at < 0:
            return lambda line, cells, fault: layer.write(line, cells, "", fault)
        layer.notes.append(Note(_READ, {"column": self.name}))
        return self._point(layer) if self.point else self._drawing(layer)

    def _point(self, layer: Layer) -> Write:
        layer.geometries.add("point")

        def write(line: int, cells: list[str], fault: Note | None) -> None:
            found = _POINT.fullmatch(cells[self.at])
            geometry = f'{{"type":"Point","coordinates":[{found[1]},{found[2]}]}}' if found else ""
            layer.write(line, cells, geometry, fault)

        return write

    def _drawing(self, layer: Layer) -> Write:
        from services.importing.reader.drawings import from_text

        def write(line: int, cells: list[str], fault: Note | None) -> None:
            kind, geometry = from_text(cells[self.at])
            if geometry:
                layer.geometries.add(kind)
            elif cells[self.at]:
                fault = fault or Note(_WRONG)
            layer.write(line, [*cells[: self.at], "", *cells[self.at + 1 :]], geometry, fault)

        return write


def column(names: list[str], rows: list[Record]) -> Column:
    """The column whose cells are outlines, outlines of areas before points; its name is taken out of ``names``."""
    found = [at for at in range(len(names)) if _share(rows, at, _WKT) > 0.5]
    drawn = [at for at in found if _share(rows, at, _POINT) <= 0.5]
    if drawn:
        told = Column(drawn[0], names[drawn[0]])
        _in_degrees([cells[drawn[0]] for _, cells in rows if drawn[0] < len(cells)], told.name)
        names[drawn[0]] = ""
        return told
    return Column(found[0], names[found[0]], point=True) if found else Column(-1)


def _share(rows: list[Record], at: int, wanted: re.Pattern[str]) -> float:
    cells = [cells[at] for _, cells in rows if at < len(cells) and cells[at]]
    return sum(wanted.match(cell) is not None for cell in cells) / len(cells) if cells else 0.0


def _in_degrees(cells: list[str], name: str) -> None:
    far = sum(
        any(abs(float(number)) > 180 for number in _NUMBER.findall(cell.rpartition(";")[2])[:8]) for cell in cells
    )
    if far > len(cells) / 2:
        raise Refused(
            "The outlines in the column {column} are not in degrees, and a table can't say in what else they are. "
            "Export the file as GeoJSON or as a zipped Shapefile with its .prj.",
            column=name,
        )
