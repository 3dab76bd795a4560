"""Imports: rows per second from the file to the last commit, and how long it takes to undo one."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import select

from benchmarks import fill, ledger
from benchmarks.fill import SLUG, Bench
from benchmarks.results import Result, skipped
from models.place import Place
from services.importing.batch import batches
from services.importing.guess import column_guesses, unknown_words
from services.importing.job.reports import Report
from services.importing.mapping import mapping
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Source, open_source
from services.places.places import load_place
from services.rights.permissions import Actor
from services.system import db, schema
from services.system.settings import ROOT

ROWS_PER_SECOND, UNDO_SECONDS = 5000, 10
ROWS = 30_000
MAPPING = "pingshan_2018"
ACTOR = Actor(None, "bench", "admin")


def measure(bench: Bench) -> Iterator[Result]:
    """A generated ledger with points and areas, then the real one; each twice: the second time nothing is new."""
    _fresh(bench, "import")
    with db.writing() as session:
        load_place(session, SLUG)
    with open_source(ledger.write(bench.folder / "ledger.csv", ROWS)) as source:
        yield from _twice("points and areas", source, guessed(source))
    real = Path(os.environ.get("MULIN_REAL", ROOT.parent / "shared" / "real")) / f"{MAPPING}.csv"
    if real.exists():
        _fresh(bench, "real")
        with open_source(real) as source:
            yield from _twice("real ledger", source, mapping.ship(MAPPING))
    else:
        yield skipped("import", "real ledger", f"{real.name} is not there: name its folder in MULIN_REAL")
    fill.use(bench.url)


def _fresh(bench: Bench, name: str) -> None:
    fill.use(bench.beside(name))
    schema.upgrade()


def guessed(source: Source) -> Mapping:
    """How the columns of a ledger of the demo place are read."""
    with db.reading() as session:
        place = session.exec(select(Place).where(Place.slug == SLUG)).one()
        told = column_guesses.guess(session, source, 0, "matters", place)
        return unknown_words.settled(told, unknown_words.unknown_words(session, source, 0, told))


def _twice(what: str, source: Source, told: Mapping) -> Iterator[Result]:
    first, speed = _timed(source, told)
    yield _result(f"{what}, new rows", first, speed)
    yield _result(f"{what}, again", *_timed(source, told))
    began = time.perf_counter()
    with db.writing() as session:
        gone = batches.undo(session, ACTOR, first.batch_id or 0).new
    seconds = time.perf_counter() - began
    yield Result("import", f"{what}, undone", seconds, "s", UNDO_SECONDS, note=f"{gone:,} matters removed")


def _timed(source: Source, told: Mapping) -> tuple[Report, float]:
    began = time.perf_counter()
    report = batches.run(ACTOR, source, 0, told)
    return report, report.rows / (time.perf_counter() - began)


def _result(name: str, report: Report, speed: float) -> Result:
    note = f"{report.new:,} new, {report.unchanged:,} unchanged, {report.refused} refused"
    return Result("import", name, speed, "rows/s", ROWS_PER_SECOND, at_least=True, note=note)
