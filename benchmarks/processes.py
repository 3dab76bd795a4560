"""More processes: what so many people wait on one and on two, in the same run, clients on the same machine."""

import asyncio
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import fill
from benchmarks.driver import Driver
from benchmarks.fill import Bench
from benchmarks.pages import of_matters
from benchmarks.results import Result, percentile
from benchmarks.server import Server, free_port, running

PEOPLE = (200, 400)
THINK_SECONDS, SECONDS = 10, 30
# Enough at once that no process is ever without work.
BUSY, ROUNDS = 12, 3
P95, RATIO = 500, 1.8
_PAGES = (("overview", ""), ("issues", ""), ("map", ""), ("deliberations", ""), ("issues", "open=open"))


@dataclass(frozen=True)
class Crowd:
    """So many people for so many seconds, who think for ``think`` seconds on average between two pages."""

    host: str
    cookies: tuple[str, ...]
    pages: tuple[tuple[str, str], ...]
    people: int
    think: float
    seconds: float


def measure(bench: Bench) -> Iterator[Result]:
    """p95 of a rerun in ms by processes and people, and how much more two do than one when nobody thinks."""
    fill.use(bench.url)
    cookies = tuple(fill.cookie(role) for role in ("secretary", "staff", "grid_worker", "viewer"))
    pages = (*_PAGES, *list(of_matters())[:2])
    with _serving(bench, 1) as one, _serving(bench, 2) as two:
        servers = {1: one, 2: two}
        yield from _busy(servers, Crowd("", cookies, pages, BUSY, 0, SECONDS))
        for people in PEOPLE:
            for count, server in servers.items():
                crowd = Crowd(server.host, cookies, pages, people, THINK_SECONDS, SECONDS)
                yield _waited(count, crowd, P95 if (count, people) == (2, 200) else None)


def _busy(servers: dict[int, Server], crowd: Crowd) -> Iterator[Result]:
    """Nobody thinks. Each in turn, so that what else the machine does burdens both alike."""
    done, worked = dict.fromkeys(servers, 0), dict.fromkeys(servers, 0.0)
    for turn in range(1 + ROUNDS):
        for count, server in servers.items():
            before = _worked(server)
            spent, _ = _crowd(replace(crowd, host=server.host))
            if turn:  # The first is to get warm.
                done[count] += len(spent)
                worked[count] += _worked(server) - before
    for count, reruns in done.items():
        note = f"{worked[count] / reruns * 1000:.1f} ms of a core each, {_load()}"
        yield Result("processes", f"{count}: reruns, nobody thinks", reruns / ROUNDS / SECONDS, "per s", note=note)
    # What the cores gave to others is left out here: so much more two would do on cores of their own.
    each = {count: worked[count] / done[count] for count in servers}
    yield Result("processes", "two against one, by their work", 2 * each[1] / each[2], "×", RATIO, at_least=True)
    yield Result("processes", "two against one, as it was", done[2] / done[1], "×", note=_load())


def _worked(server: Server) -> float:
    """The seconds that the processes of a server have worked."""
    children = Path(f"/proc/{server.process}/task/{server.process}/children").read_text().split()
    ticks = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13] for one in children]
    return sum(int(number) for both in ticks for number in both) / os.sysconf("SC_CLK_TCK")


def _waited(count: int, crowd: Crowd, budget: float | None) -> Result:
    spent, failures = _crowd(crowd)
    done = f"p50 {percentile(spent, 0.5):.0f} ms, {len(spent) / crowd.seconds:.1f} per s, {failures} failures"
    name = f"{count}: {crowd.people} people, rerun p95"
    return Result("processes", name, percentile(spent, 0.95), "ms", budget, note=f"{done}, {_load()}")


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _serving(bench: Bench, count: int) -> AbstractContextManager[Server]:
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--processes", str(count)]
    return running(command, port, bench.folder / f"processes-{count}.log", "/readyz")


def _crowd(crowd: Crowd) -> tuple[list[float], int]:
    """How long each rerun took, and how many failed. The clients have a process of their own, as browsers do."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (crowd,))


def _run(crowd: Crowd) -> tuple[list[float], int]:
    return asyncio.run(_all(crowd))


async def _all(crowd: Crowd) -> tuple[list[float], int]:
    spent, failures = list[float](), list[str]()
    door, opened = asyncio.Semaphore(10), asyncio.Barrier(crowd.people)
    people = (_person(crowd, at, door, opened, spent, failures) for at in range(crowd.people))
    await asyncio.gather(*people)
    return spent, len(failures)


async def _person(
    crowd: Crowd, seed: int, door: asyncio.Semaphore, opened: asyncio.Barrier, spent: list[float], failures: list[str]
) -> None:
    rng = random.Random(seed)
    async with Driver(crowd.host, crowd.cookies[seed % len(crowd.cookies)]) as driver:
        async with door:
            await driver.open(*rng.choice(crowd.pages))
        await opened.wait()
        ends = time.monotonic() + crowd.seconds
        while (pause := rng.expovariate(1 / crowd.think) if crowd.think else 0.0) < ends - time.monotonic():
            await asyncio.sleep(pause)
            try:
                spent.append((await driver.open(*rng.choice(crowd.pages))).ms)
            except (RuntimeError, OSError) as failure:
                failures.append(str(failure))
        await asyncio.sleep(max(0.0, ends - time.monotonic()))
