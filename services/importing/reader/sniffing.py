"""What a file really is: its first bytes decide, never its name."""

import zipfile
from pathlib import Path

from services.importing.source.size_limits import MAX_PARTS, MAX_RATIO, MAX_UNPACKED
from services.system.errors import Refused, listed

_PASSWORD = listed("The file is protected with a password. Open it, remove the password and save it again.")
_BOMB = listed("The file unpacks to far more than any ledger holds. Save the sheet again as .xlsx or CSV.")
_NOT_WHOLE = listed("The file is damaged or was cut off. Copy or export it again.")
_UNPACK = listed("This archive holds no workbook and no boundaries. Unpack it, and choose the file inside.")
_TYPES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "SQLite",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHP = b"\x00\x00\x27\x0a"
_HEAD = 8_192


def kind_of(path: Path) -> str:
    """``csv``, ``xlsx``, ``xls``, ``ods``, ``html``, ``geojson``, ``shapefile``, ``kml`` or ``kmz``; Refused else."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise Refused("The file is empty. Choose the file that holds the records.")
    if head.startswith(b"PK"):
        return _packed(path)
    if head.startswith(_OLE):
        return _ole(path)
    _foreign(head)
    return _text(head)


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            check_sizes(parts)
            names = [part.filename.lower() for part in parts if not part.filename.startswith("__MACOSX")]
            mime = packed.read("mimetype")[:80] if "mimetype" in names and _small(packed, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        raise Refused(_NOT_WHOLE) from None
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if mime.endswith(b"opendocument.spreadsheet"):
        return "ods"
    for ending, kind in ((".shp", "shapefile"), (".kml", "kmz")):
        if any(name.endswith(ending) for name in names):
            return kind
    raise Refused(_UNPACK)


def _small(packed: zipfile.ZipFile, name: str) -> bool:
    return packed.getinfo(name).file_size < 1_000


def check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to more than any office file does, before anything is unpacked."""
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    large = unpacked > 10_000_000 and unpacked > MAX_RATIO * max(packed, 1)
    if large or unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise Refused(_BOMB)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(_PASSWORD)


def _ole(path: Path) -> str:
    # The directory of an encrypted workbook names this stream, wherever the directory stands.
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise Refused(_PASSWORD)
    return "xls"


def _foreign(head: bytes) -> None:
    found = next((name for mark, name in _TYPES.items() if head.startswith(mark)), None)
    if found:
        raise Refused(
            "This is a {type} file, not a table. Choose a CSV, a workbook, a GeoJSON, a zipped Shapefile or a KML.",
            type=found,
        )
    if head.startswith(_SHP):
        raise Refused("A Shapefile has several parts. Put .shp, .shx, .dbf and .prj into one zip and choose that.")


def _text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"{", b"[{", b"[\n")):
        return "geojson"
    return _markup(start) if start.startswith(b"<") else "csv"


def _markup(start: bytes) -> str:
    if b"<kml" in start or b"opengis.net/kml" in start:
        return "kml"
    if any(mark in start for mark in (b"<html", b"<table", b"<!doctype html", b"<meta", b"<body")):
        return "html"
    if b"office:spreadsheet" in start or b"mso-application" in start:
        raise Refused("This is a workbook in the old XML form. Open it in Excel or WPS and save it as .xlsx.")
    raise Refused("This is an XML file that holds no table we know. Export the data as CSV, .xlsx or GeoJSON.")
