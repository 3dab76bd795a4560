"""Media: files that a page offers to take along lie on the disk too, for the processes that did not draw the page."""

import json
import re
from contextlib import suppress
from pathlib import Path

from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage

from services.system.files import private_files, process_folders

_FOLDER = "media"
_ABOUT = ".json"
_ID = re.compile(r"[0-9a-f]{16,128}", re.ASCII)


class Media(MemoryMediaFileStorage):
    """Streamlit's files, each laid down for the other processes as well."""

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        """Add a file, and return the name that it has from its content."""
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        path = process_folders.own() / _FOLDER / file_id
        if not path.exists():
            with suppress(OSError):  # On a full disk the process that drew the page still has it.
                _lay_down(path, super().get_file(file_id))
        return file_id

    def get_file(self, filename: str) -> MemoryFile:
        """The file of that name, drawn by whichever process; MediaFileStorageError where none has it."""
        try:
            return super().get_file(filename)
        except MediaFileStorageError:
            if found := _elsewhere(filename.partition(".")[0]):
                return found
            raise

    def delete_file(self, file_id: str) -> None:
        """Delete it here; another process may have drawn the same."""
        super().delete_file(file_id)
        _remove(process_folders.own() / _FOLDER / file_id)


def _lay_down(path: Path, file: MemoryFile) -> None:
    private_files.folder(path.parent)
    about = json.dumps([file.mimetype, file.kind.value, file.filename])
    try:
        private_files.touch(path.with_name(path.name + _ABOUT)).write_text(about, encoding="utf-8")
        part = private_files.touch(path.with_name(f"{path.name}.part"))
        part.write_bytes(file.content)
        part.replace(path)
    except OSError:
        _remove(path)
        raise


def _remove(path: Path) -> None:
    for ending in ("", _ABOUT, ".part"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink()


def _elsewhere(file_id: str) -> MemoryFile | None:
    if not _ID.fullmatch(file_id):
        return None
    for folder in process_folders.others():
        path = folder / _FOLDER / file_id
        with suppress(FileNotFoundError):
            mimetype, kind, filename = json.loads(path.with_name(path.name + _ABOUT).read_text(encoding="utf-8"))
            return MemoryFile(path.read_bytes(), mimetype, MediaFileKind(kind), filename)
    return None
