"""Datasette on the same SQLite file, from an environment of its own."""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlmodel import col, select

from benchmarks import driver, fill, server
from benchmarks.fill import Bench
from benchmarks.results import Result, skipped, times
from benchmarks.server import Server
from models.matter import Matter
from services.system import db

_NEEDS = Path(__file__).parents[1] / "requirements.txt"
_LIMIT_MS = 60_000


def measure(bench: Bench, ours: Server) -> Iterator[Result]:
    """A page of open matters and a search, theirs and ours, in ms."""
    try:
        program = _installed()
    except (OSError, subprocess.SubprocessError) as error:
        yield skipped("peer", "Datasette", f"could not be installed: {error}"[:80])
        return
    port = server.free_port()
    command = [str(program), "serve", str(bench.file), "--host", "127.0.0.1", "--port", str(port), "--setting"]
    with db.reading() as session:
        words = session.exec(select(Matter.title).order_by(col(Matter.id).desc()).limit(1)).one()[-2:]
    with server.running(
        [*command, "sql_time_limit_ms", str(_LIMIT_MS)], port, bench.folder / "datasette.log", "/-/versions.json"
    ) as peer:
        name = f"/{bench.file.stem}/matter"
        for what, path, query in (
            ("open, by deadline", f"{name}?is_open=1&_sort=due_at", "open=open"),
            ("search, 2 characters", f"{name}?title__contains={quote(words)}", f"q={quote(words)}"),
        ):
            theirs = statistics.median(times(lambda at=path: peer.get(at), 5, warm=1))  # type: ignore[misc]
            runs = asyncio.run(driver.visit(ours.host, fill.cookie(), "issues", query, 10))
            own = statistics.median(run.ms for run in runs)
            yield Result(
                "peer", f"Datasette, {what}", theirs, "ms", note=f"our ledger {own:.0f} ms: {theirs / own:.1f} times"
            )


def _installed() -> Path:
    """Datasette's program; installed on the first run, outside the product's environment."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mulin-bench"
    program = cache / "bin" / "datasette"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(cache)], check=True, capture_output=True)
        subprocess.run(
            [str(cache / "bin" / "pip"), "install", "--quiet", "-r", str(_NEEDS)],
            check=True,
            capture_output=True,
            timeout=300,
        )
    return program
