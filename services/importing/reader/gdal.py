"""Shapefile and KML, read by GDAL: with two drivers, from a folder of ours, and without a network."""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from services.errors import Refused, listed
from services.importing.limits import MAX_SHEETS
from services.importing.notes import Note
from services.importing.reader.drawings import cell, crs_of, named, write
from services.importing.reader.encodings import READ_AS
from services.importing.reader.sniffing import check_sizes
from services.importing.reader.writing import Layer

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# What a KML says of the look of a place, not of the place.
_LOOKS = {
    *("timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility", "draworder", "icon"),
    *("snippet", "gx_media_links"),
}
_DAMAGED = listed("The file is damaged or was cut off. Copy or export it again.")
_NAMES = listed(
    "The names of the columns can't be read: a Shapefile cuts them after ten bytes, in the middle of a character. "
    "Export it as GeoJSON."
)
_FAULTS = (DataSourceError, DataLayerError, FeatureError, FieldError)


def layers(kind: str, path: Path, folder: Path) -> tuple[list[Layer], str]:
    """The layers of a zipped Shapefile or of a KML, and the coordinate system of the first."""
    if kind == "shapefile":
        return _shapefiles(path, folder)
    named_kml = folder / "drawn.kml"
    if kind == "kmz":
        _unpack(path, {_first_kml(path): named_kml})
    else:
        named_kml.write_bytes(path.read_bytes())
    return _kml(named_kml, folder), "EPSG:4326"


def _unpack(path: Path, wanted: dict[str, Path]) -> None:
    """Unpack the members under names of ours: a name from an archive never reaches the disk."""
    try:
        with zipfile.ZipFile(path) as packed:
            check_sizes(packed.infolist())
            for member, target in wanted.items():
                with packed.open(member) as source, target.open("wb") as file:
                    while chunk := source.read(1 << 20):
                        file.write(chunk)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise Refused(_DAMAGED) from None


def _members(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed:
        names = [part.filename for part in packed.infolist() if not part.is_dir()]
    return [name for name in names if "__MACOSX" not in name and not PurePosixPath(name).name.startswith(".")]


def _first_kml(path: Path) -> str:
    found = [name for name in _members(path) if name.lower().endswith(".kml")]
    return min(found, key=lambda name: (name.lower() != "doc.kml", name.count("/"), name))


def _shapefiles(path: Path, folder: Path) -> tuple[list[Layer], str]:
    members = {name.lower(): name for name in _members(path)}
    stems = sorted(name.removesuffix(".shp") for name in members if name.endswith(".shp"))
    if not stems:
        raise Refused(_DAMAGED)
    found, crs = [], ""
    for number, stem in enumerate(stems[:MAX_SHEETS]):
        parts = {members[stem + end]: folder / f"{number}{end}" for end in _PARTS if stem + end in members}
        _unpack(path, parts)
        layer, told = _shapefile(folder, number, _readable(members[f"{stem}.shp"]))
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
    layer, encoding = Layer(folder, number, name), _encoding(shp)
    if encoding != "UTF-8":
        layer.notes.append(Note(READ_AS, {"encoding": encoding.upper()}))
    return layer, _copy(shp, None, layer, encoding)


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


def _copy(path: Path, which: str | None, layer: Layer, encoding: str | None = None) -> str:
    try:
        meta, _, drawn, values = pyogrio.raw.read(path, layer=which, encoding=encoding, datetime_as_string=True)
    except UnicodeDecodeError:
        raise Refused(_NAMES) from None
    except (*_FAULTS, ValueError):
        raise Refused(_DAMAGED) from None
    crs = crs_of(meta["crs"])
    names, columns = _columns([str(name) for name in meta["fields"]], values, kml=which is not None)
    rows = ([cell(value) for value in row] for row in zip(*columns, strict=True)) if columns else ([] for _ in drawn)
    shapes = np.asarray(shapely.from_wkb(drawn, on_invalid="ignore"), dtype=object)
    write(layer, names, rows, shapes, crs)
    return named(crs)


def _columns(names: list[str], values: list[NDArray[Any]], *, kml: bool) -> tuple[list[str], list[list[Any]]]:
    kept = [at for at, name in enumerate(names) if not (kml and name.lower() in _LOOKS)]
    return [names[at].strip() or "-" for at in kept], [values[at].tolist() for at in kept]


def _kml(path: Path, folder: Path) -> list[Layer]:
    try:
        told = pyogrio.list_layers(path)
    except _FAULTS:
        raise Refused(_DAMAGED) from None
    found = []
    for number, (name, _) in enumerate(told[:MAX_SHEETS]):
        layer = Layer(folder, number, str(name))
        _copy(path, str(name), layer)
        found.append(layer)
    return found
