"""Jobs: make one file. A short list is written here; a long one in a process of its own, so that nobody else waits.

Half a minute of writing in a thread would slow every page down: Python runs one thread at a time.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from services.exporting import csvs, sheets
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.rights.permissions import Actor, require
from services.system import clock, db
from services.system.errors import Refused
from services.system.settings import ROOT

MOST_IN_A_WORKBOOK = 50_000
_SHORT = 2_000
_SECONDS = 900
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Job:
    """A list to be written for somebody: its name, the parameters of its address, and how many rows it has."""

    name: str
    actor: Actor
    params: Mapping[str, str]
    rows: int

    @property
    def short(self) -> bool:
        """Whether it is done before anybody would notice."""
        return self.rows <= _SHORT

    def told(self, path: str) -> bytes:
        """The job as the process that does it reads it."""
        return json.dumps(asdict(self) | {"params": dict(self.params), "path": path}).encode()


def job_of(told: Mapping[str, Any]) -> Job:
    """The job that ``Job.told`` wrote."""
    return Job(told["name"], Actor(**told["actor"]), told["params"], told["rows"])


def mark(actor: Actor) -> str:
    """Who takes a file along, and when: printed on every page of it."""
    when = f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"
    return Words(actor.language).say("Exported by {name}, {when}", name=actor.name, when=when)


def require_room(job: Job) -> None:
    """Raise Refused when the list has more rows than a workbook is offered for."""
    if job.rows > MOST_IN_A_WORKBOOK:
        raise Refused(
            "This list has {rows} rows; a workbook takes {most}. Take it as CSV, or narrow the filter.",
            rows=f"{job.rows:,}",
            most=f"{MOST_IN_A_WORKBOOK:,}",
        )


def workbook(job: Job, path: Path) -> None:
    """Write the list as a workbook to ``path``."""
    require_room(job)
    if job.short:
        return write_workbook(job, path)
    _elsewhere(job.told(str(path)))


def everything(actor: Actor, path: Path) -> None:
    """Write all records of the actor's area to ``path``, in a process of its own.

    Passwords are not among them: only the operator takes those.
    """
    require(actor, "export.full", actor.area_path)
    _elsewhere(json.dumps({"everything": actor.name, "within": actor.area_path, "path": str(path)}).encode())


def _elsewhere(told: bytes) -> None:
    done = subprocess.run(_WORKER, input=told, cwd=ROOT, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))


def write_workbook(job: Job, path: Path) -> None:
    """Write it in this process."""
    with db.reading() as session:
        found = lists.extract(session, job.actor, job.name, job.params)
        sheets.write(path, found, Words(job.actor.language), mark(job.actor))


_WORKER = [sys.executable, "-m", "services.exporting.worker_process"]


def pieces(job: Job) -> Iterator[bytes]:
    """The list as a CSV file, piece by piece. Closing the iterator ends the work."""
    return csv_pieces(job) if job.short else _piped(job)


def csv_pieces(job: Job) -> Iterator[bytes]:
    """The CSV file made in this process."""
    words = Words(job.actor.language)
    with db.reading() as session:
        found = lists.extract(session, job.actor, job.name, job.params)
        heading = [words.say(column.label) for column in found.columns]
        for piece in csvs.lines(heading, found.cells(words)):
            yield piece.encode()


def _piped(job: Job) -> Iterator[bytes]:
    with subprocess.Popen(_WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        try:
            yield from _read(process, job.told("-"))
        finally:
            process.kill()


def _read(process: "subprocess.Popen[bytes]", told: bytes) -> Iterator[bytes]:
    assert process.stdin and process.stdout
    _send(process.stdin, told)
    while piece := process.stdout.read(_PIECE):
        yield piece
    if process.wait():
        # The browser must not take half a file for the whole.
        raise RuntimeError("The process that writes the list ended early.")


def _send(pipe: IO[bytes], told: bytes) -> None:
    pipe.write(told)
    pipe.close()
