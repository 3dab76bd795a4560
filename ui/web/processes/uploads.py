"""Uploads: a file that a page asked for lies on the disk, in the folder of its page, until the page takes it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from services.system.files import private_files
from ui.web.processes import session_folders

# What its owner calls it, and of what kind it is.
_ABOUT = ".json"
# Whose it is.
ACCOUNT = ".account"


class Uploads(MemoryUploadedFileManager):
    """Streamlit's uploads, on the disk: any process puts one there, the one where the page lives takes it."""

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Keep an upload for its page. Nothing is kept for a page that is gone; OSError where the disk is full."""
        folder = session_folders.find(session_id)
        if folder is None or not session_folders.named(file.file_id):
            return
        path = private_files.touch(folder / file.file_id)
        try:
            path.write_bytes(file.data)
            about = private_files.touch(path.with_name(path.name + _ABOUT))
            about.write_text(json.dumps([file.name, file.type]), encoding="utf-8")
        except BaseException:
            remove(path)
            raise

    def get_files(self, session_id: str, file_ids: Sequence[str]) -> list[UploadedFileRec]:
        """The uploads of a page of this process."""
        folder = session_folders.own(session_id)
        return [found for name in file_ids if (found := _read(folder, name))]

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Remove an upload of any page."""
        folder = session_folders.find(session_id)
        if folder is not None and session_folders.named(file_id):
            remove(folder / file_id)

    def remove_session_files(self, session_id: str) -> None:
        """Remove all uploads of a page of this process: it is closed."""
        session_folders.close(session_id)


def remove(path: Path) -> None:
    """Remove an upload, with what lies beside it."""
    for ending in ("", _ABOUT, ACCOUNT):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _read(folder: Path, file_id: str) -> UploadedFileRec | None:
    if not session_folders.named(file_id):
        return None
    with suppress(FileNotFoundError):
        name, kind = json.loads((folder / f"{file_id}{_ABOUT}").read_text(encoding="utf-8"))
        return UploadedFileRec(file_id, name, kind, (folder / file_id).read_bytes())
    return None
