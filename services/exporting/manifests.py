"""Manifests: what a full export says of itself: its schema, its files with rows and checksums, and a keyed seal."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.system import hash_chain
from services.system.errors import Refused

NAME = "manifest.json"
_LONGEST = 4 * 1024 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
# Rows of a table repeat themselves, but not a thousand times as a bomb does.
_MOST_PACKED = 200
_READ = 1024 * 1024


class Entry(BaseModel):
    """One file: the rows of one table, a JSON array a line, with the columns in this order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    table: str
    columns: list[str]
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str

    @property
    def file(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.table}.jsonl"


class Manifest(BaseModel):
    """What the archive holds. ``seal`` is a digest of all this under MULIN_KEY; ``place`` is empty for everything."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["mulin-export"] = "mulin-export"
    program: str
    schema_version: str
    made_at: str
    place: str = ""
    passwords: bool = False
    files: list[Entry]
    seal: str = ""

    def sealed(self) -> "Manifest":
        """The same with its seal."""
        return self.model_copy(update={"seal": self._digest()})

    @property
    def genuine(self) -> bool:
        """Whether nothing was changed since it was written, by somebody with this key."""
        return self.seal == self._digest()

    def _digest(self) -> str:
        return hash_chain.digest("export", self.model_dump(mode="json", exclude={"seal"}))

    def rows(self) -> int:
        """How many rows there are in all files."""
        return sum(entry.rows for entry in self.files)


def damaged(path: Path) -> Refused:
    """The refusal for an archive that is none, or not as it was written."""
    return Refused("{name} is damaged, or no full export. Nothing was imported: take another copy.", name=path.name)


@contextmanager
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive at ``path``, whose every fault is told as one sentence."""
    if not path.is_file():
        raise Refused("There is no file {path}. Check the path.", path=str(path))
    try:
        with zipfile.ZipFile(path) as opened:
            yield opened
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, OSError) as error:
        raise damaged(path) from error


def read(path: Path, opened: zipfile.ZipFile) -> Manifest:
    """The manifest, once the archive holds exactly the files it names, of plausible size. Refused for anything else."""
    found = {info.filename: info for info in opened.infolist()}
    if NAME not in found or found[NAME].file_size > _LONGEST:
        raise damaged(path)
    try:
        told = Manifest.model_validate_json(opened.read(NAME))
    except (ValidationError, RuntimeError) as error:
        raise damaged(path) from error
    named = [NAME, *(entry.file for entry in told.files)]
    if len(opened.infolist()) != len(named) or set(named) != set(found):
        raise damaged(path)
    sizes_fit = all(found[entry.file].file_size == entry.bytes for entry in told.files)
    packed = sum(info.compress_size for info in found.values())
    if not sizes_fit or not all(map(_plausible, found.values())) or packed > path.stat().st_size:
        raise damaged(path)
    return told


def _plausible(info: zipfile.ZipInfo) -> bool:
    return not info.flag_bits & 1 and info.file_size <= _MOST_PACKED * max(info.compress_size, 4096)


def check(path: Path, opened: zipfile.ZipFile, told: Manifest, step: Callable[[int], None]) -> None:
    """Read every file once, and refuse the archive unless each has its rows and its checksum."""
    for entry in told.files:
        digest, rows = hashlib.sha256(), 0
        with opened.open(entry.file) as file:
            while piece := file.read(_READ):
                digest.update(piece)
                rows += piece.count(b"\n")
        if digest.hexdigest() != entry.sha256 or rows != entry.rows:
            raise damaged(path)
        step(entry.rows)


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, none longer than any row can be."""
    while line := file.readline(_LONGEST_LINE):
        yield line


class Writer:
    """Writes the rows of one table into the archive, counting and digesting on the way."""

    def __init__(self, opened: zipfile.ZipFile, table: str, columns: list[str]) -> None:
        self.entry = Entry(table=table, columns=columns, rows=0, bytes=0, sha256="")
        self._digest = hashlib.sha256()
        self._file = opened.open(self.entry.file, "w", force_zip64=True)

    def write(self, rows: list[list[object]]) -> None:
        """Add rows of JSON values."""
        text = "".join(
            json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n" for row in rows
        )
        data = text.encode()
        self._file.write(data)
        self._digest.update(data)
        self.entry.rows += len(rows)
        self.entry.bytes += len(data)

    def close(self) -> Entry:
        """End the file; returns what the manifest says of it."""
        self._file.close()
        return self.entry.model_copy(update={"sha256": self._digest.hexdigest()})
