"""Drawn files: GeoJSON, Shapefile and KML, each read by its own reader."""

from pathlib import Path

from services.importing.reader import gdal, geojson, kml
from services.importing.reader.writing import Layer
from services.importing.source.size_limits import MAX_DRAWN_BYTES
from services.system.errors import Refused

_READERS = {"geojson": geojson.layers, "shapefile": gdal.layers}


def layers(kind: str, path: Path, folder: Path) -> tuple[list[Layer], str]:
    """The layers of a drawn file, and the coordinate system it names."""
    if path.stat().st_size > MAX_DRAWN_BYTES:
        raise Refused(
            "A file of outlines may have {limit} MB. Simplify the outlines, or split it.",
            limit=MAX_DRAWN_BYTES // 1_000_000,
        )
    reader = _READERS.get(kind, kml.layers)
    return reader(path, folder)
