"""``python -m benchmarks``: measure the budgets and print them with what they came to. ROWS sets the size."""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks import cold, fill, imports, layers, pages, processes, seals, server, services, sessions
from benchmarks.fill import Bench
from benchmarks.peers import datasette, streamlit
from benchmarks.results import Result, markdown, table
from services.system.settings import ROOT

PARTS = ("demo", "services", "imports", "seals", "cold", "pages", "layers", "sessions", "processes", "peers")


def main() -> int:
    """Run what was asked for; 1 when a budget is missed."""
    asked = _asked()
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="mulin-bench-") as scratch:
        folder = Path(asked.folder or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, asked.database or f"sqlite:///{folder / 'mulin.db'}", asked.rows)
        results = list(_said(_measured(bench, asked.only)))
    title = f"Budgets at {asked.rows:,} matters ({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})"
    Console(width=None if sys.stdout.isatty() else 170).print(table(results, title))
    if asked.write:
        (ROOT / "docs" / "bench.md").write_text(markdown(results, title), encoding="utf-8")
    return int(any(result.met is False for result in results))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS", "100000")), help="matters to measure on")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="measure these parts only")
    parser.add_argument("--folder", help="keep the scratch database here, and use the one that is there")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database to measure on, by its URL")
    parser.add_argument("--write", action="store_true", help="write docs/bench.md too")
    return parser.parse_args()


def _measured(bench: Bench, only: tuple[str, ...]) -> Iterator[Result]:
    if "demo" in only:
        yield from fill.demo_load(bench)
    yield from fill.fill(bench)
    if "services" in only:
        yield from services.measure(bench)
    if "imports" in only:
        yield from imports.measure(bench)
    if "seals" in only:
        yield from seals.measure(bench)
    if "cold" in only:
        yield from cold.measure(bench.folder)
    if {"pages", "layers", "sessions", "peers"} & set(only):
        yield from _served(bench, only)
    if "processes" in only:
        yield from processes.measure(bench)


def _served(bench: Bench, only: tuple[str, ...]) -> Iterator[Result]:
    with server.mulin(bench.folder) as running:
        if "pages" in only:
            yield from pages.measure(running)
        if "layers" in only:
            yield from layers.measure(running)
        if "sessions" in only:
            yield from sessions.measure(running)
        if "peers" in only and bench.url.startswith("sqlite"):  # Theirs is a file.
            yield from streamlit.measure(bench, running)
            yield from datasette.measure(bench, running)


def _said(results: Iterator[Result]) -> Iterator[Result]:
    """Each result as soon as it is there: a run at a million takes its time."""
    for result in results:
        print(*(cell for cell in result.cells() if cell), sep="  ", file=sys.stderr, flush=True)
        yield result


if __name__ == "__main__":
    sys.exit(main())
