"""Two hundred people on one process: each reads for ten seconds on average, then opens another page."""

import asyncio
import random
import time
from collections.abc import Iterator

from benchmarks import fill
from benchmarks.driver import Driver
from benchmarks.pages import of_matters
from benchmarks.results import Result, percentile
from benchmarks.server import Server

SESSIONS = 200
THINK_SECONDS = 10
WINDOW_SECONDS = 30
P95, MEMORY, PER_SESSION = 500, 600, 1.0
_AT_ONCE = 10
_PAGES = (("overview", ""), ("issues", ""), ("map", ""), ("deliberations", ""), ("issues", "open=open"))


def measure(server: Server) -> Iterator[Result]:
    """p50 and p95 of a rerun in ms, and what the process holds in memory."""
    before = server.memory
    cookies = [fill.cookie(role) for role in ("secretary", "staff", "grid_worker", "viewer")]
    spent, during, failures = asyncio.run(_crowd(server, cookies))
    note = f"{len(spent)} reruns, {len(spent) / WINDOW_SECONDS:.1f} per s, {failures} failures"
    yield Result("sessions", f"{SESSIONS} sessions, rerun p50", percentile(spent, 0.5), "ms", note=note)
    yield Result("sessions", f"{SESSIONS} sessions, rerun p95", percentile(spent, 0.95), "ms", P95)
    yield Result("sessions", "memory with all sessions", during, "MB", MEMORY + SESSIONS * PER_SESSION)
    yield Result("sessions", "memory per session", (during - before) / SESSIONS, "MB", PER_SESSION)


async def _crowd(server: Server, cookies: list[str]) -> tuple[list[float], float, int]:
    door, spent, failures = asyncio.Semaphore(_AT_ONCE), list[float](), list[str]()
    opened = asyncio.Barrier(SESSIONS + 1)
    pages = [*_PAGES, *list(of_matters())[:2]]
    people = [
        asyncio.create_task(_person(server.host, cookies[at % len(cookies)], at, door, opened, pages, spent, failures))
        for at in range(SESSIONS)
    ]
    await opened.wait()
    await asyncio.gather(*people)
    return spent, server.memory, len(failures)


async def _person(
    host: str,
    cookie: str,
    seed: int,
    door: asyncio.Semaphore,
    opened: asyncio.Barrier,
    pages: list[tuple[str, str]],
    spent: list[float],
    failures: list[str],
) -> None:
    rng = random.Random(seed)
    async with Driver(host, cookie) as driver:
        async with door:
            await driver.open(*rng.choice(_PAGES))
        await opened.wait()
        ends = time.monotonic() + WINDOW_SECONDS
        while (think := rng.expovariate(1 / THINK_SECONDS)) < ends - time.monotonic():
            await asyncio.sleep(think)
            try:
                spent.append((await driver.open(*rng.choice(pages))).ms)
            except (RuntimeError, OSError) as failure:
                failures.append(str(failure))
        await asyncio.sleep(max(0.0, ends - time.monotonic()))
