"""Process folders: what a process lays open to the others that serve on this machine, and what goes with it.

Each has one work folder of its own. The others read there, whoever is killed takes nothing along: his folder counts for
nobody from that moment, and is removed by the next sweep.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

from services.system.files import work_folders
from services.system.files.work_folders import WorkFolder
from services.system.settings import settings

_OWN: list[WorkFolder] = []
_LOCK = Lock()


def own() -> Path:
    """The folder of this process, made when it is first asked for."""
    with _LOCK:
        if not (_OWN and _OWN[0].path.match(f"*{_kind()}*") and _OWN[0].path.exists()):
            _let_go()
            _OWN.append(WorkFolder(_kind()))
        return _OWN[0].path


def living() -> Iterator[Path]:
    """The folders of all processes that live and serve this database, this one among them if it has made its own."""
    return work_folders.worked_in(_kind())


def others() -> Iterator[Path]:
    """The folders of all processes that live, but this one."""
    mine = _OWN[0].path if _OWN else None
    with suppress(OSError):  # Nothing may be written, not even the folder of them all: then nobody shares anything.
        yield from (folder for folder in living() if folder != mine)


def database() -> str:
    """A name for the database served: who serves another one has nothing to do with these."""
    return hashlib.sha256(settings().database_url.encode()).hexdigest()[:8]


def close() -> None:
    """Remove the folder of this process."""
    with _LOCK:
        _let_go()


def _kind() -> str:
    return f"process-{database()}-"


def _let_go() -> None:
    while _OWN:
        _OWN.pop().close()
