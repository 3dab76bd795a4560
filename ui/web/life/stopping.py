"""Stopping: who is asked to end does so in ten seconds, whatever is half sent and whoever still waits for something."""

import gc
import logging
import os
import signal
import threading
from types import FrameType

from uvicorn import Config

from ui.web.life import notes

_LOG = logging.getLogger(__name__)
# Answers that are on their way may end; then they are cut off, and last of all the process is.
_ANSWERS, _PROCESS = 4, 8.0


def bound() -> None:
    """Let the server give up waiting for open connections, and the process end soon after it was told to.

    Streamlit has no setting for the first; threads that wait for the database would hold up the second.
    """
    for found in gc.get_objects():
        if isinstance(found, Config):
            found.timeout_graceful_shutdown = _ANSWERS
    if threading.current_thread() is threading.main_thread():
        _listen(signal.getsignal(signal.SIGTERM))


def _listen(before: object) -> None:
    if not callable(before):
        return  # No server listens: the process ends at once.

    def end(number: int, frame: FrameType | None) -> None:
        last = threading.Timer(_PROCESS, _leave)
        last.daemon = True
        last.start()
        before(number, frame)

    signal.signal(signal.SIGTERM, end)


def _leave() -> None:
    _LOG.warning("Something still waited when the program was told to end; it ends now.")
    writing = threading.Thread(target=notes.write, daemon=True)
    writing.start()
    writing.join(0.5)
    os._exit(0)
