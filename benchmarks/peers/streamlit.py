"""The plain Streamlit app, with Streamlit's own defaults, beside our map and ledger."""

import asyncio
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import driver, fill, server
from benchmarks.fill import Bench
from benchmarks.results import Result
from benchmarks.server import Server

_RUNS = 3


def measure(bench: Bench, ours: Server) -> Iterator[Result]:
    """The median run of the plain app, and how many of our map's runs fit into it."""
    port = server.free_port()
    page = Path(__file__).with_name("plain.py")
    command = [sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port)]
    options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    surroundings = {"BENCH_FILE": str(bench.file)}
    # Away from our folder, so that our .streamlit/config.toml does not tune it.
    with server.running(
        [*command, *options], port, bench.folder / "plain.log", "/_stcore/health", bench.folder, surroundings
    ) as peer:
        runs = asyncio.run(driver.visit(peer.host, "", "", "", _RUNS, warm=1))
        theirs, size, memory = statistics.median(run.ms for run in runs), runs[-1].size / 1024, peer.memory
    own = asyncio.run(driver.visit(ours.host, fill.cookie(), "map", "", 10))
    note = f"{size:,.0f} KB a run, {memory:,.0f} MB in memory, one session"
    yield Result("peer", "plain Streamlit app, one rerun", theirs, "ms", note=note)
    yield Result("peer", "… as a multiple of our map page", theirs / statistics.median(run.ms for run in own), "times")
