"""Crash: whoever writes is killed at any moment; every step he was told of is there, and of the rest nothing."""

import os
import random
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import contention, imports, ledger
from benchmarks.contention import Ground
from benchmarks.faults import checking
from benchmarks.faults.checking import Saved
from benchmarks.faults.outcome import Outcome
from services.importing.batch import batches
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import open_source
from services.system import db
from services.system.files import work_folders

_ROWS, _WARM = 1500, 6
# How long whoever is killed may have lived since he told the first thing, in seconds.
_LIVED, _IMPORTED = 0.3, 2.0
_BEGUN = b"begun\n"
_PATIENCE = 60

# Tells what was acknowledged; nothing, that work has begun.
Report = Callable[[Saved | None], None]
Work = Callable[[Report], None]


def clerks(where: str, rounds: int, every: int = 10) -> Outcome:
    """Kill somebody who takes one step after the other; all is verified after each ``every`` kills, and at the end."""
    found = Outcome("crash", where, "a clerk is killed")
    with db.reading() as session:
        ground = Ground.of(session)
    contention.work(1, lambda done: done < _WARM)  # What is read once for all is read.
    db.forget()
    return _killed(found, rounds, every, _LIVED, lambda report: _work(ground, report))


def ledgers(where: str, rounds: int, folder: Path, every: int = 5) -> Outcome:
    """Kill an import: all of its rows are there, or none, and what lay in its work folder is gone at the next start."""
    found = Outcome("crash", where, "an import is killed")
    with open_source(ledger.write(folder / "killed.csv", _ROWS)) as source:
        told = imports.guessed(source)
    db.forget()
    _killed(found, rounds, every, _IMPORTED, lambda report: _import(folder / "killed.csv", told, report))
    work_folders.sweep()
    found.wrong += [f"left behind: {path.name}" for path in work_folders.root().glob("work-*")]
    return found


def _killed(found: Outcome, rounds: int, every: int, lived: float, work: Work) -> Outcome:
    saved: list[Saved] = []
    for number in range(1, rounds + 1):
        saved += _one(work, random.uniform(0, lived))
        found.times += 1
        if number % every == 0 or number == rounds:
            began = time.monotonic()
            found.half += checking.half_written()
            found.longest = max(found.longest, time.monotonic() - began)
        found.lost += checking.lost(saved)
        db.forget()
    found.acknowledged += len(saved)
    return found


def _one(work: Work, lives: float) -> list[Saved]:
    """Let another process work, and kill it with all it started; what it was told to be saved."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        _live(work, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        if select.select([told], [], [], _PATIENCE)[0]:
            time.sleep(lives)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = told.read().removeprefix(_BEGUN).decode().splitlines()
    return [Saved(number, int(version)) for number, version in (line.split() for line in lines)]


def _live(work: Work, writes: int) -> None:
    try:
        os.setsid()
        work(lambda one: _tell(writes, one))
        time.sleep(_PATIENCE)
    finally:
        os._exit(1)


def _tell(writes: int, one: Saved | None) -> None:
    os.write(writes, f"{one.number} {one.version}\n".encode() if one else _BEGUN)


def _work(ground: Ground, report: Report) -> None:
    for step in contention.steps(ground.clerk(1), ground):
        report(Saved(*step()))


def _import(file: Path, told: Mapping, report: Report) -> None:
    """Import a ledger under another name each time, so that all of it is new."""
    options = told.options.model_copy(update={"ledger": f"killed {os.getpid()}"})
    with open_source(file) as source:
        report(None)
        batches.run(imports.ACTOR, source, 0, told.model_copy(update={"options": options}))
    with db.reading() as session:
        report(checking.newest(session))
