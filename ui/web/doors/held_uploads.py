"""Uploads that lie here: so much for an account, so much altogether, and none that nobody comes for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Scope
from streamlit import config

from services.rights.permissions import Actor
from services.system.errors import Refused
from services.system.files import private_files
from services.system.files.holds import Holds
from services.words.i18n import listed
from ui.web.doors.origins import sent
from ui.web.processes import session_folders, uploads

# Around the file itself: the form it comes in.
_FORM = 1024 * 1024
# So many accounts may send as much as there may be, at the same moment.
_ACCOUNTS = 3
# A page takes a file within seconds. What lies longer was never meant for a page.
FORGOTTEN_SECONDS = 300
_FULL = listed("Other files are still being received. Wait a minute, then drop the file again.")
_LARGE = listed("This file is larger than {size} MB. Import it by the command, or divide it.")


class TooMuch(Refused):
    """There is no room for this upload now, or ever."""

    def __init__(self, message: str, status: int, **params: object) -> None:
        super().__init__(message, **params)
        self.status = status


@dataclass(frozen=True)
class _Arrived:
    path: Path
    account: str
    bytes: int
    at: float


def most() -> int:
    """How many bytes one account may have here; the limit of one file, with the form around it."""
    return int(config.get_option("server.maxUploadSize")) * 1024 * 1024 + _FORM


class HeldUploads:
    """What is coming in, and what has come and was not taken yet, at all processes of this machine."""

    def __init__(self) -> None:
        self._coming = Holds("upload")

    @contextmanager
    def coming(self, scope: Scope, actor: Actor) -> Iterator[None]:
        """Room for the upload that ``scope`` announces, kept while it comes in. Raises TooMuch."""
        account, size = f"{actor.account_id} {actor.name}", _announced(scope)
        self.sweep(FORGOTTEN_SECONDS)
        self._coming.take(account, size)
        try:
            self._require_room(account)
            yield
        finally:
            with suppress(OSError):
                _sign(scope["path"], account)
            self._coming.give(account, size)

    def _require_room(self, account: str) -> None:
        arrived = list(_arrived())
        theirs = sum(one.bytes for one in arrived if one.account == account) + self._coming.count(account)
        if theirs > most() or sum(one.bytes for one in arrived) + self._coming.total() > _ACCOUNTS * most():
            raise TooMuch(_FULL, 429)

    def sweep(self, seconds: float) -> None:
        """Let go of what arrived more than ``seconds`` ago."""
        for one in _arrived():
            if one.at < time.time() - seconds:
                uploads.remove(one.path)


def _arrived() -> Iterator[_Arrived]:
    for note in session_folders.everywhere(f"*{uploads.ACCOUNT}"):
        path = note.with_name(note.name.removesuffix(uploads.ACCOUNT))
        with suppress(FileNotFoundError):  # It has just been taken.
            seen = path.stat()
            # An empty file weighs something, or there would be no end of them.
            yield _Arrived(path, note.read_text(encoding="utf-8"), seen.st_size + 1, seen.st_mtime)


def _sign(path: str, account: str) -> None:
    """Write down whose upload it is."""
    session, _, file = path.rpartition("/")
    folder = session_folders.find(session.rpartition("/")[2])
    if folder is not None and session_folders.named(file) and (folder / file).exists():
        private_files.touch(folder / f"{file}{uploads.ACCOUNT}").write_text(account, encoding="utf-8")


def _announced(scope: Scope) -> int:
    told = sent(scope, b"content-length")
    if len(told) != 1 or not told[0].isdigit() or len(told[0]) > len(str(most())):
        raise TooMuch(_LARGE, 411 if not told else 413, size=config.get_option("server.maxUploadSize"))
    size = int(told[0])
    if size > most():
        raise TooMuch(_LARGE, 413, size=config.get_option("server.maxUploadSize"))
    return size


UPLOADS = HeldUploads()
