"""Seals: what they cost: verify, a change of status, an import and its undo, with them and without, turn by turn.

In seconds of a processor, which others on the machine lengthen less than those of a clock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel import select

from benchmarks import fill, imports, ledger
from benchmarks.fill import Bench
from benchmarks.results import Result
from models.matter import Matter
from services.engine import workflow
from services.importing.batch import batches
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Source, open_source
from services.keep import verify
from services.people.accounts import actor_of
from services.places.places import load_place
from services.rights.permissions import Actor
from services.system import db
from services.system.seals import settling, watching

_TURNS, _CHANGES, _ROWS = 5, 20, 6000
_ADMIN = Actor(None, "bench", "admin")
_LISTENERS: dict[str, Callable[..., Any]] = {
    "before_flush": watching._going,
    "after_flush": watching._flushed,
    "do_orm_execute": watching._executed,
    "before_commit": watching._committing,
    "after_transaction_create": watching._begun,
    "after_soft_rollback": watching._taken_back,
    "after_transaction_end": watching._ended,
}
# How much of what was done in how many seconds.
Work = Callable[[], tuple[int, float]]


def measure(bench: Bench) -> Iterator[Result]:
    """The median of all turns. Verify comes first: what is changed without seals is a finding."""
    yield from _both("verify", "events/s", _verified)
    yield from _both("changes of status", "/s", _changes(bench))
    with open_source(ledger.write(bench.folder / "sealed.csv", _ROWS)) as source:
        _place(bench)
        told = imports.guessed(source)
        undone: dict[bool, list[float]] = {True: [], False: []}
        yield from _both("import", "rows/s", lambda: _imported(bench, source, told, undone))
    yield from _told("undo", "rows/s", undone)
    fill.use(bench.url)


@contextmanager
def _without() -> Iterator[None]:
    """Nothing is sealed, and no seal is looked at."""
    for name, listener in _LISTENERS.items():
        event.remove(Session, name, listener)
    try:
        with ExitStack() as stack:
            stack.enter_context(patch.object(settling, "settle", _nothing))
            stack.enter_context(patch.object(settling, "enter", lambda *_: []))
            stack.enter_context(patch.object(verify, "_seals", _nothing))
            yield
    finally:
        for name, listener in _LISTENERS.items():
            event.listen(Session, name, listener)


def _nothing(*_: object) -> None:
    return None


def _sealing() -> bool:
    return settling.settle is not _nothing


def _both(name: str, unit: str, work: Work) -> Iterator[Result]:
    found: dict[bool, list[float]] = {True: [], False: []}
    for _turn in range(_TURNS):
        found[True].append(_speed(work))
        with _without():
            found[False].append(_speed(work))
    yield from _told(name, unit, found)


def _speed(work: Work) -> float:
    done, spent = work()
    return done / spent


def _told(name: str, unit: str, found: dict[bool, list[float]]) -> Iterator[Result]:
    for sealed, speeds in found.items():
        middle = median(speeds)
        note = f"{1000 / middle:.2f} ms each"
        yield Result("seals", f"{name}, {'with' if sealed else 'without'} seals", middle, unit, note=note)


def _verified() -> tuple[int, float]:
    with db.reading() as session:
        began = time.process_time()
        report = verify.verify(session)
    return report.events, time.process_time() - began


def _changes(bench: Bench) -> Work:
    fill.use(bench.url)
    with db.reading() as session:
        actor = actor_of(session, fill.account(session, "secretary"))
        query = select(Matter.number, Matter.version).where(Matter.flow == "issue", Matter.state == "visited")
        waiting = iter(session.exec(query.limit(2 * _TURNS * _CHANGES)).all())

    def change() -> tuple[int, float]:
        began = time.process_time()
        for _ in range(_CHANGES):
            number, version = next(waiting)
            with db.writing() as writing:
                workflow.move(writing, actor, number, "archive", version)
        return _CHANGES, time.process_time() - began

    return change


def _place(bench: Bench) -> None:
    imports._fresh(bench, "sealed")
    with db.writing() as session:
        load_place(session, fill.SLUG)


def _imported(bench: Bench, source: Source, told: Mapping, undone: dict[bool, list[float]]) -> tuple[int, float]:
    _place(bench)
    began = time.process_time()
    report = batches.run(_ADMIN, source, 0, told)
    spent = time.process_time() - began
    began = time.process_time()
    with db.writing() as session:
        batches.undo(session, _ADMIN, report.batch_id or 0)
    undone[_sealing()].append(report.rows / (time.process_time() - began))
    return report.rows, spent
