"""Imports: rows per second on a real ledger of 10,000 rows, which lies outside the repository."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import fill
from benchmarks.fill import Bench
from benchmarks.results import Result, skipped
from services import schema
from services.imports import import_matters
from services.settings import ROOT

ROWS_PER_SECOND = 5000
MAPPING = "pingshan_2018"


def measure(bench: Bench) -> Iterator[Result]:
    """The first import, into an empty database, and the second, which finds nothing new."""
    ledger = Path(os.environ.get("MULIN_REAL", ROOT.parent / "shared" / "real")) / f"{MAPPING}.csv"
    if not ledger.exists():
        yield skipped("import", "real ledger", f"{ledger.name} is not there: name its folder in MULIN_REAL")
        return
    fill.use(f"sqlite:///{bench.folder / 'import.db'}")
    schema.upgrade()
    for name in ("import, new rows", "import again, nothing new"):
        began = time.perf_counter()
        report = import_matters(ledger, MAPPING)
        speed = report.rows / (time.perf_counter() - began)
        note = f"{report.new:,} new, {report.unchanged:,} unchanged, {report.refused} refused"
        yield Result("import", name, speed, "rows/s", ROWS_PER_SECOND, at_least=True, note=note)
    fill.use(bench.url)
