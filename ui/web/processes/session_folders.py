"""Session folders: in which process a page lives, and what was uploaded for it.

A process makes one for each page whose websocket it holds, in its process folder. Uploads come to whichever process
answers; it looks here for the page they belong to.
"""

import re
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from services.system.files import private_files, process_folders

_FOLDER = "sessions"
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


def open_for(session: str) -> None:
    """Say that ``session`` lives in this process."""
    with suppress(OSError):  # On a full disk people can read: only nothing can be uploaded.
        private_files.folder(process_folders.own() / _FOLDER / session)


def find(session: str) -> Path | None:
    """The folder of ``session``, in whichever process it lives; None where it lives in none."""
    if not named(session):
        return None
    found = (process / _FOLDER / session for process in process_folders.living())
    return next((folder for folder in found if folder.is_dir()), None)


def own(session: str) -> Path:
    """The folder of ``session`` in this process; it need not be there."""
    return process_folders.own() / _FOLDER / session


def close(session: str) -> None:
    """Say that it lives no more, and remove what was uploaded for it."""
    if named(session):
        rmtree(own(session), ignore_errors=True)


def everywhere(pattern: str) -> list[Path]:
    """What lies in the session folders of all processes under such a name."""
    return [path for process in process_folders.living() for path in process.glob(f"{_FOLDER}/*/{pattern}")]


def named(name: str) -> bool:
    """Whether it is a name that may stand in a path: it came with a request."""
    return _NAME.fullmatch(name) is not None
