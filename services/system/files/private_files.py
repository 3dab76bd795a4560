"""Private files: what the program writes is for nobody else on the machine, from the moment it is there."""

import os
from contextlib import suppress
from pathlib import Path

_FILE, _FOLDER = 0o600, 0o700


def narrow() -> None:
    """Let whatever this process and its children make from now on be for its own account alone."""
    os.umask(0o077)


def folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, for nobody else."""
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(mode=_FOLDER, exist_ok=True)
    return path


def touch(path: Path) -> Path:
    """Make the file, empty; where it is there already, take others' rights to it away."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE))
    except FileExistsError:
        with suppress(PermissionError):  # It is somebody else's, who answers for it.
            path.chmod(path.stat().st_mode & _FILE)
    return path


def write(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file: all of it, or nothing, also when the power goes."""
    part = touch(path.with_name(f"{path.name}.{os.getpid()}"))
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
