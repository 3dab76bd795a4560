"""The reader's program: one file in, lines of text out, within the limits it sets itself before it looks."""

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from services.importing.reader import delimited, encodings, sniffing
from services.importing.reader.merged_cells import Merges
from services.importing.reader.table_rows import Table
from services.importing.reader.writing import Layer
from services.importing.source import size_limits
from services.importing.source.reading_notes import Note
from services.system.errors import Refused

try:
    import resource
except ImportError:  # Windows has no such limits; the clock of the parent still holds.
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Read the file named first into the folder named second; what can't be read is told in ``told.json``."""
    _limit()
    # Rows hold no cycles; looking for some in millions of cells takes a third of the time.
    gc.disable()
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        told = _read(path, folder)
    except Refused as error:
        told = {"refused": error.message, "params": error.params}
    except (MemoryError, RecursionError):
        told = {"refused": "", "params": {}}
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")
    # Freeing a million cells one by one takes longer than reading them.
    sys.stdout.flush()
    os._exit(0)


def _limit() -> None:
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, size_limits.MEMORY),
        (resource.RLIMIT_CPU, size_limits.CPU_SECONDS),
        (resource.RLIMIT_FSIZE, size_limits.WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _read(path: Path, folder: Path) -> dict[str, Any]:
    kind = sniffing.kind_of(path)
    layers, crs = _layers(kind, path, folder)
    told = [layer.finish() | {"file": number} for number, layer in enumerate(layers)]
    kept = [layer for layer in told if layer["columns"]]
    if not kept:
        raise Refused("The file is empty. Choose the file that holds the records.")
    if not any(layer["rows"] for layer in kept):
        raise Refused("The file has a header but no rows. Choose the file that holds the records.")
    return {"kind": "kml" if kind == "kmz" else kind, "crs": crs, "layers": kept}


def _layers(kind: str, path: Path, folder: Path) -> tuple[list[Layer], str]:
    if kind == "csv":
        return [_text(path, folder)], ""
    if kind == "html":
        from services.importing.reader import webtables

        return webtables.tables(path, folder), ""
    if kind in ("xlsx", "xls", "ods"):
        from services.importing.reader import workbooks

        return workbooks.sheets(path, folder), ""
    from services.importing.reader import drawn_files

    return drawn_files.layers(kind, path, folder)


def _text(path: Path, folder: Path) -> Layer:
    layer, encoding = Layer(folder, 0, ""), encodings.encoding_of(path)
    if not encoding.startswith("utf-8"):
        layer.notes.append(Note(encodings.READ_AS, {"encoding": encoding.upper()}))
    Table(layer, Merges(None), strict=True).write(delimited.records(path, encoding))
    return layer
