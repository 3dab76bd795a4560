"""Guessers: what a file's columns and words mean is guessed in a limited child, as the file was read in one.

A child does one guess after the other and is kept a while, since starting one takes a second. One that takes too long
is ended, and whoever asked is told so; the desk never works on cells that somebody sent.
"""

import atexit
import json
import logging
import os
import select
import subprocess
import sys
import time
from threading import Lock
from typing import TYPE_CHECKING, Any

from services.importing.guess.known_ground import Ground
from services.system.errors import Refused, listed
from services.system.files import work_folders
from services.system.settings import ROOT, settings

if TYPE_CHECKING:
    from services.importing.source.source import Source

# A file of a million rows is read once from its beginning to its end.
SECONDS, ROWS_A_SECOND = 15.0, 25_000
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from services.importing.guess.program import main; main()"
_KEPT, _LONGEST, _PIECE = 2, 64_000_000, 1 << 20
_TOO_LONG = listed(
    "What the columns and words of this file mean could not be guessed in {seconds} seconds. Delete columns that nobody"
    " needs, or split the file."
)
_TOO_MUCH = listed(
    "What the columns and words of this file mean could not be guessed. Delete columns that nobody needs, or split the"
    " file."
)
_LOG = logging.getLogger(__name__)
_IDLE: list["_Child"] = []
_LOCK = Lock()


def ask(what: str, source: "Source", layer: int, ground: Ground, **more: Any) -> Any:
    """What a function of ``services.importing.guess.program`` says of a layer of a file.

    Refused where it takes too long or too much memory.
    """
    seconds = SECONDS + source.layers[layer].rows / ROWS_A_SECOND
    told = {"what": what, "folder": str(source.folder), "layer": layer, "ground": ground.told(), "more": more}
    around = {"MULIN_LOCAL_FOLDER": str(settings().local_folder), "MULIN_TIMEZONE": settings().timezone}
    said = _answer({**told, "settings": around, "seconds": seconds}, seconds)
    if "refused" in said:
        reason = said["refused"]
        raise Refused(reason, **said["params"])
    return said["found"]


def _answer(told: dict[str, Any], seconds: float) -> Any:
    child = _take()
    try:
        said = child.ask(json.dumps(told).encode(), seconds)
    except TimeoutError:
        child.end()
        raise Refused(_TOO_LONG, seconds=round(seconds)) from None
    except (OSError, ValueError) as error:
        child.end()
        if child.kept:  # It may have ended by itself, as one does that nobody asks.
            return _answer(told, seconds)
        _LOG.warning("A guesser gave up: %s", error)
        raise Refused(_TOO_MUCH) from None
    except BaseException:  # Whoever asked is gone; what comes of it is nobody's.
        child.end()
        raise
    _keep(child)
    return said


def _take() -> "_Child":
    with _LOCK:
        while _IDLE:
            child = _IDLE.pop()
            if child.lives():
                return child
            child.end()
    return _Child()


def _keep(child: "_Child") -> None:
    with _LOCK:
        if len(_IDLE) < _KEPT:
            child.kept = True
            _IDLE.append(child)
            return
    child.end()


@atexit.register
def end_all() -> None:
    """End the children that are kept."""
    with _LOCK:
        while _IDLE:
            _IDLE.pop().end()


class _Child:
    """A process that answers a line with a line. Nothing of ours goes along: no key, no address of the database."""

    kept = False

    def __init__(self) -> None:
        folder = str(work_folders.root())
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(ROOT)],
            cwd=folder,
            env={"LANG": "C.UTF-8", "TMPDIR": folder, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, line: bytes, seconds: float) -> Any:
        """What it answers. TimeoutError where that takes longer; OSError or ValueError where it can't."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + b"\n")
        ends, pieces, size = time.monotonic() + seconds, list[bytes](), 0
        while not (pieces and pieces[-1].endswith(b"\n")):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, ends - time.monotonic()))
            if not ready:
                raise TimeoutError
            pieces.append(os.read(self._process.stdout.fileno(), _PIECE))
            size += len(pieces[-1])
            if not pieces[-1] or size > _LONGEST:
                raise OSError(f"it ended, or said {size} bytes")
        return json.loads(b"".join(pieces))

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
