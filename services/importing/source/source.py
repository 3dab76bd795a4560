"""A source: somebody's file, read by a limited child process, and its rows. This process never parses what was sent."""

import hashlib
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from services.importing.source.reading_notes import Note
from services.importing.source.size_limits import BREAK, CELL, MAX_BYTES, UNUSED_DRIVERS, WALL_SECONDS
from services.system.errors import Refused, listed
from services.system.files.work_folders import WorkFolder
from services.system.progress import Progress, silent
from services.system.settings import ROOT

__all__ = ["Layer", "Note", "Row", "Source", "open_source"]

_TOO_LONG = listed("Reading the file took longer than {minutes} minutes. Split it by year or month.")
_TOO_MUCH = listed(
    "The file can't be read: it is damaged, or too large for this computer. "
    "Delete empty rows and columns, save it again as .xlsx or CSV, or split it."
)
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.importing.reader.program import main; main()"
_PAUSE = 0.05
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Layer:
    """One sheet of a workbook, or one layer of a geographic file."""

    name: str
    columns: list[str]
    rows: int
    geometry: str
    notes: list[Note] = field(default_factory=list)


class Row(NamedTuple):
    """A row as the user sees it: its number in the file, a cell for each column, its geometry (GeoJSON, WGS-84).

    ``fault`` says why the row as a whole can't be trusted; its cells may stand in the wrong columns.
    """

    line: int
    cells: list[str]
    geometry: dict[str, Any] | None
    fault: Note | None


@dataclass(frozen=True)
class _Lent:
    """The folder of another process."""

    path: Path

    def close(self) -> None:
        """It stays."""


class Source:
    """A file that could be read. A context manager: it owns the folder with the lines, and removes it."""

    def __init__(self, path: Path, name: str, digest: str, folder: WorkFolder | _Lent) -> None:
        self.path = path
        self.name = name
        self.digest = digest
        self._folder = folder
        told = json.loads((folder.path / "told.json").read_text(encoding="utf-8"))
        if "refused" in told:
            reason = told["refused"] or _TOO_MUCH
            raise Refused(reason, **told["params"])
        self.kind: str = told["kind"]
        self.crs: str = told["crs"]
        self._told: list[dict[str, Any]] = told["layers"]
        self.layers = [_layer(layer) for layer in self._told]

    @classmethod
    def lent(cls, folder: Path) -> Self:
        """The rows in the folder of another process, which closes it."""
        return cls(folder, folder.name, "", _Lent(folder))

    @property
    def folder(self) -> Path:
        """Where the rows lie."""
        return self._folder.path

    def rows(self, layer: int = 0) -> Iterator[Row]:
        """The rows of a layer, read from the disk one by one; may be asked for again."""
        told = self._told[layer]
        cells = _picker(told["width"], told["kept"])
        path = self._folder.path / f"{told['file']}.rows"
        with path.open(encoding="utf-8", newline="\n") as file:
            for text in file:
                line, fault, *found, drawn = text[:-1].split(CELL)
                if BREAK in text:
                    found = [cell.replace(BREAK, "\n") for cell in found]
                yield Row(
                    int(line),
                    cells(found),
                    json.loads(drawn) if drawn else None,
                    Note(*json.loads(fault)) if fault else None,
                )

    def close(self) -> None:
        """Remove what was read; the file itself stays."""
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(path: Path, name: str | None = None, progress: Progress = silent) -> Source:
    """Read the file at ``path``, which its owner calls ``name``.

    Refused, with what to do, for whatever is no table and no map: damaged, locked, far too large, or something else.
    """
    if not path.is_file():
        raise Refused("There is no file {path}. Check the path.", path=str(path))
    if path.stat().st_size > MAX_BYTES:
        raise Refused("The file is larger than {limit} MB. Split it by year or month.", limit=MAX_BYTES // 1_000_000)
    folder = WorkFolder()
    try:
        _run(path.resolve(), folder.path, progress)
        return Source(path, name or path.name, _digest(path), folder)
    except BaseException:
        folder.close()
        raise


def _run(path: Path, folder: Path, progress: Progress) -> None:
    command = [sys.executable, "-I", "-c", _START, str(ROOT), str(path), str(folder)]
    nowhere, complaints = subprocess.DEVNULL, folder / "complaints.txt"
    with (
        complaints.open("wb") as told,
        subprocess.Popen(
            command, cwd=folder, env=_environment(folder), stdin=nowhere, stdout=nowhere, stderr=told, umask=0o077
        ) as child,
    ):
        try:
            _wait(child, lambda: progress("Reading the file", _written(folder, path), path.stat().st_size))
        finally:
            child.kill()
    if not (folder / "told.json").exists():
        _LOG.warning("The reader gave up (%s): %s", child.returncode, complaints.read_text(errors="replace")[-2000:])
        raise Refused(_TOO_MUCH)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours goes along: no key, no address of the database, no proxy."""
    gdal = {"GDAL_SKIP": UNUSED_DRIVERS, "OGR_SKIP": UNUSED_DRIVERS, "PROJ_NETWORK": "OFF"}
    return {"LANG": "C.UTF-8", "TMPDIR": str(folder), "OPENBLAS_NUM_THREADS": "1", **gdal}


def _wait(child: "subprocess.Popen[bytes]", tell: Callable[[], None]) -> None:
    ends = time.monotonic() + WALL_SECONDS
    while child.poll() is None:
        if time.monotonic() > ends:
            raise Refused(_TOO_LONG, minutes=WALL_SECONDS // 60)
        tell()
        time.sleep(_PAUSE)
    tell()


def _written(folder: Path, path: Path) -> int:
    return min(sum(file.stat().st_size for file in folder.glob("*.rows")), path.stat().st_size)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _layer(told: dict[str, Any]) -> Layer:
    notes = [Note(message, params) for message, params in told["notes"]]
    return Layer(told["name"], told["columns"], told["rows"], told["geometry"], notes)


def _picker(width: int, kept: list[int]) -> Callable[[list[str]], list[str]]:
    if len(kept) == width:
        return lambda cells: cells
    if len(kept) == 1:
        return lambda cells: [cells[kept[0]]]
    chosen = itemgetter(*kept)
    return lambda cells: list(chosen(cells))
