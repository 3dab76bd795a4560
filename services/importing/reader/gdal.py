"""Shapefiles, read by GDAL: with that one driver, from a folder of ours, and without a network."""

import re
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from services.importing.reader.archives import members, unpack
from services.importing.reader.drawings import cell, crs_of, named, write
from services.importing.reader.encodings import READ_AS
from services.importing.reader.writing import Layer
from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import MAX_SHEETS
from services.system.errors import Refused, listed

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_DAMAGED = listed("The file is damaged or was cut off. Copy or export it again.")
_NAMES = listed(
    "The names of the columns can't be read: a Shapefile cuts them after ten bytes, in the middle of a character. "
    "Export it as GeoJSON."
)
_FAULTS = (DataSourceError, DataLayerError, FeatureError, FieldError)


def layers(path: Path, folder: Path) -> tuple[list[Layer], str]:
    """The layers of a zipped Shapefile, and the coordinate system of the first."""
    found_parts = {name.lower(): name for name in members(path)}
    stems = sorted(name.removesuffix(".shp") for name in found_parts if name.endswith(".shp"))
    if not stems:
        raise Refused(_DAMAGED)
    found, crs = [], ""
    for number, stem in enumerate(stems[:MAX_SHEETS]):
        parts = {found_parts[stem + end]: folder / f"{number}{end}" for end in _PARTS if stem + end in found_parts}
        unpack(path, parts)
        layer, told = _shapefile(folder, number, _readable(found_parts[f"{stem}.shp"]))
        found.append(layer)
        crs = crs or told
    return found, crs


def _readable(name: str) -> str:
    """The name of a layer. Archives made on a Chinese Windows hold names that look western."""
    stem = PurePosixPath(name).stem
    for encoding in ("utf-8", "gb18030"):
        try:
            return stem.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return stem


def _shapefile(folder: Path, number: int, name: str) -> tuple[Layer, str]:
    shp = folder / f"{number}.shp"
    if not shp.with_suffix(".shx").exists():
        raise Refused("The part .shx of the Shapefile is missing. Put .shp, .shx, .dbf and .prj into the zip.")
    _plain_prj(shp.with_suffix(".prj"))
    layer, encoding = Layer(folder, number, name), _encoding(shp)
    if encoding != "UTF-8":
        layer.notes.append(Note(READ_AS, {"encoding": encoding.upper()}))
    return layer, _copy(shp, layer, encoding)


def _plain_prj(prj: Path) -> None:
    """Some programs name the coordinate system in Chinese of old, which GDAL can't hand on; its numbers say enough."""
    if prj.exists():
        prj.write_bytes(bytes(byte if byte < 128 else ord("_") for byte in prj.read_bytes()[:100_000]))


def _encoding(shp: Path) -> str:
    """UTF-8 where all of the table is UTF-8, whatever its .cpg says; otherwise Chinese or western."""
    dbf, cpg = shp.with_suffix(".dbf"), shp.with_suffix(".cpg")
    raw = dbf.read_bytes() if dbf.exists() else b""
    body = raw[int.from_bytes(raw[8:10], "little") :]
    told = cpg.read_text(encoding="ascii", errors="replace").strip() if cpg.exists() else ""
    # pyogrio takes the word of the .cpg over ours, and it is wrong often enough.
    cpg.unlink(missing_ok=True)
    try:
        body.decode()
        return "UTF-8"
    except UnicodeDecodeError:
        pass
    lone = len(re.findall(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])", body))
    western = lone > len(re.findall(rb"[\x81-\xfe][\xa1-\xfe]", body)) or re.search(r"8859|1252", told)
    return "CP1252" if western else "GB18030"


def _copy(path: Path, layer: Layer, encoding: str) -> str:
    try:
        meta, _, drawn, values = pyogrio.raw.read(path, encoding=encoding, datetime_as_string=True)
    except UnicodeDecodeError:
        raise Refused(_NAMES) from None
    except (*_FAULTS, ValueError):
        raise Refused(_DAMAGED) from None
    crs = crs_of(meta["crs"])
    names = [str(name).strip() or "-" for name in meta["fields"]]
    columns = [column.tolist() for column in values]
    rows = ([cell(value) for value in row] for row in zip(*columns, strict=True)) if columns else ([] for _ in drawn)
    shapes = np.asarray(shapely.from_wkb(drawn, on_invalid="ignore"), dtype=object)
    write(layer, names, rows, shapes, crs)
    return named(crs)
