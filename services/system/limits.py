"""Limits of the machine: open files, made as many as may be, and room on the disk; told before they are reached."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from services.system import db
from services.system.errors import Refused, listed
from services.system.settings import settings

# A commit, a backup's sidecar, a line of the log: below this somebody's next click may be the one that fails.
_LEAST_ROOM = 8 * 1024 * 1024
# A sign-in takes four, the connections to the database three each.
_LEAST_FILES = 32
_MIB = 1024 * 1024
_NO_ROOM = listed("The disk that holds {path} is full: {left} MB are left. Make room on it.")
_NO_FILES = listed(
    "The program has {open} files open, and may open {most}. Raise the limit of open files (ulimit -n, or LimitNOFILE"
    " of the unit), then start it again."
)


def raise_open_files() -> int:
    """Let this process open as many files as the system allows it; returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return most_files()


def most_files() -> int:
    """How many files this process may open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def open_files() -> int:
    """How many it has open; 0 where the system doesn't say."""
    with suppress(FileNotFoundError):
        return sum(1 for _one in Path("/proc/self/fd").iterdir())
    return 0


def require_room() -> None:
    """Raise Refused where a disk is full or hardly another file may be opened."""
    opened, most = open_files(), most_files()
    if opened > most - _LEAST_FILES:
        raise Refused(_NO_FILES, open=opened, most=most)
    for path in _folders():
        left = shutil.disk_usage(path).free
        if left < _LEAST_ROOM:
            raise Refused(_NO_ROOM, path=path, left=left // _MIB)


def _folders() -> Iterator[Path]:
    """The folders that are written to, or the nearest above them that is there."""
    url = db.engine().url
    if url.get_backend_name() == "sqlite" and not (url.database or "").startswith((":", "file:")):
        yield _there(Path(url.database or ".").absolute().parent)
    yield from {_there(settings().upload_folder.absolute()), _there(settings().work_folder.absolute())}


def _there(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())
