"""Archives: what is in one, and its members unpacked under names of ours."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from services.importing.reader.sniffing import check_sizes
from services.system.errors import Refused, listed

_DAMAGED = listed("The file is damaged or was cut off. Copy or export it again.")
FAULTS = (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zlib.error)


def members(path: Path) -> list[str]:
    """The names of the files in an archive, without what a Mac adds."""
    with zipfile.ZipFile(path) as packed:
        names = [part.filename for part in packed.infolist() if not part.is_dir()]
    return [name for name in names if "__MACOSX" not in name and not PurePosixPath(name).name.startswith(".")]


def unpack(path: Path, wanted: dict[str, Path]) -> None:
    """Unpack members to paths of ours: a name from an archive never reaches the disk. Refused when it is damaged."""
    try:
        with zipfile.ZipFile(path) as packed:
            check_sizes(packed.infolist())
            for member, target in wanted.items():
                with packed.open(member) as source, target.open("wb") as file:
                    while chunk := source.read(1 << 20):
                        file.write(chunk)
    except FAULTS:
        raise Refused(_DAMAGED) from None
