"""Places: where the faults are tried: a file and a server of its own, each with the demo place in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contention, fill
from services.demo.loading import load_demo
from services.system import db, schema


@dataclass(frozen=True)
class Where:
    """A filled database, called by its kind; ``folder`` is for what a fault needs beside it."""

    kind: str
    folder: Path


def each(folder: Path, only: str | None = None) -> Iterator[Where]:
    """A file, then a server, or ``only`` one of them: this process works there until it asks for the next."""
    for url in contention.urls(folder, only):
        fill.use(url)
        schema.upgrade()
        load_demo(fill.SLUG)
        yield Where(url.partition(":")[0].partition("+")[0], folder)
        db.forget()
