"""The guesser's program: lines of JSON in, one for each guess, and a line out, within the limits it sets itself."""

import json
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.importing.guess import column_guesses, unknown_words
from services.importing.guess.known_ground import Ground
from services.importing.mapping import mapping
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Source
from services.system import flow_files
from services.system.errors import Refused
from services.system.settings import settings

try:
    import resource
except ImportError:  # Windows has no such limits; the clock of the parent still holds.
    resource = None  # type: ignore[assignment]

_MEMORY = 2_000_000_000
_NICE = 5
# Who was not asked for so many seconds ends; whoever needs a guess then starts another one.
_PATIENCE = 300


def main() -> None:
    """Answer until nobody asks any more."""
    answers = os.dup(1)
    os.dup2(2, 1)
    os.nice(_NICE)
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(answers, "w", encoding="utf-8") as out:
        while select.select([sys.stdin], [], [], _PATIENCE)[0] and (line := sys.stdin.buffer.readline()):
            print(json.dumps(_answer(json.loads(line))), file=out, flush=True)


def _answer(told: dict[str, Any]) -> dict[str, Any]:
    _settle(told["settings"], told["seconds"])
    try:
        with Source.lent(Path(told["folder"])) as source:
            return {"found": _GUESSES[told["what"]](source, told["layer"], Ground.heard(told["ground"]), told["more"])}
    except Refused as error:
        return {"refused": error.message, "params": error.params}


def _settle(told: dict[str, str], seconds: float) -> None:
    """The local folder and the time zone of whoever asks; no more seconds of a processor than it would wait for."""
    os.environ.update(told)
    settings.cache_clear()
    flow_files.adopt(flow_files.on_disk())
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _columns(source: Source, layer: int, ground: Ground, more: dict[str, Any]) -> Any:
    made = mapping.Ground(**more["made"]) if more["made"] else None
    return column_guesses.guessed(source, layer, ground, more["kind"], more["slug"], made).model_dump()


def _words(source: Source, layer: int, ground: Ground, more: dict[str, Any]) -> Any:
    return unknown_words.looked_up(source, layer, ground, Mapping(**more["mapping"])).told()


_GUESSES: dict[str, Callable[[Source, int, Ground, dict[str, Any]], Any]] = {"columns": _columns, "words": _words}
