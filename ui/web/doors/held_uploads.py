"""Uploads that are in memory: so much for an account, so much altogether, and none that nobody comes for."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
from starlette.types import Scope
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from services.rights.permissions import Actor
from services.system.errors import Refused
from services.words.i18n import listed
from ui.web.doors.origins import sent

# Around the file itself: the form it comes in.
_FORM = 1024 * 1024
# So many accounts may send as much as there may be, at the same moment.
_ACCOUNTS = 3
# A page takes a file to the disk within seconds. What lies longer was never meant for a page.
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
    account: str
    at: float


def most() -> int:
    """How many bytes one account may have in memory; the limit of one file, with the form around it."""
    return int(config.get_option("server.maxUploadSize")) * 1024 * 1024 + _FORM


class HeldUploads:
    """What is coming in, and what has come and was not taken yet. Only the event loop asks and counts."""

    def __init__(self) -> None:
        self._coming: Counter[str] = Counter()
        self._arrived: dict[tuple[str, str], _Arrived] = {}

    @contextmanager
    def coming(self, scope: Scope, actor: Actor) -> Iterator[None]:
        """Room for the upload that ``scope`` announces, kept while it comes in. Raises TooMuch."""
        account, size = f"{actor.account_id} {actor.name}", _announced(scope)
        self.sweep(FORGOTTEN_SECONDS)
        self._require_room(account, size)
        self._coming[account] += size
        session, _, file = scope["path"].rpartition("/")
        try:
            yield
        finally:
            self._coming[account] -= size
            self._arrived[session.rpartition("/")[2], file] = _Arrived(account, time.monotonic())

    def _require_room(self, account: str, size: int) -> None:
        held = Counter(self._coming)
        for key, arrived in self._arrived.items():
            held[arrived.account] += _weight(*key)
        if held[account] + size > most() or held.total() + size > _ACCOUNTS * most():
            raise TooMuch(_FULL, 429)

    def sweep(self, seconds: float) -> None:
        """Let go of what arrived more than ``seconds`` ago, and forget what a page has taken."""
        before = time.monotonic() - seconds
        for (session, file), arrived in list(self._arrived.items()):
            if arrived.at < before:
                _manager().remove_file(session, file)
            if not _weight(session, file):
                del self._arrived[session, file]


def _announced(scope: Scope) -> int:
    told = sent(scope, b"content-length")
    if len(told) != 1 or not told[0].isdigit() or len(told[0]) > len(str(most())):
        raise TooMuch(_LARGE, 411 if not told else 413, size=config.get_option("server.maxUploadSize"))
    size = int(told[0])
    if size > most():
        raise TooMuch(_LARGE, 413, size=config.get_option("server.maxUploadSize"))
    return size


def _manager() -> MemoryUploadedFileManager:
    manager = Runtime.instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    return manager


def _weight(session: str, file: str) -> int:
    # An empty file weighs something, or it would be forgotten while it is there.
    return sum(len(record.data) + 1 for record in _manager().get_files(session, [file]))


UPLOADS = HeldUploads()


async def sweep_for_ever() -> None:
    """Once a minute let go of what nobody came for."""
    while True:
        await anyio.sleep(60)
        UPLOADS.sweep(FORGOTTEN_SECONDS)
