"""Limits: more sessions than usual, none at all where the websocket is refused, and a clock behind the records."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.contention import Ground, steps
from benchmarks.driver import Driver
from benchmarks.faults import checking
from benchmarks.faults.outcome import Outcome
from services.system import clock, db
from services.system.errors import Refused

_AT_ONCE, _SPARE = 20, 64
# Streamlit keeps so many sessions for two minutes, so that who comes back finds his own; each holds an event loop.
_KEPT, _FILES_EACH = 128, 3
# For how many seconds a server may hold more than that.
_LETS_GO = 20


def sessions(host: str, process: int, cookie: str, count: int, page: str = "overview") -> Outcome:
    """Open ``count`` sessions side by side, run a page in each, close them: nobody fails, and no file stays open."""
    found = Outcome("limits", "server", f"{count} sessions at once", times=count)
    asyncio.run(_one(host, cookie, page))  # What is opened once for all is open.
    before = _open(process)
    began = time.monotonic()
    found.acknowledged, found.wrong = asyncio.run(_crowd(host, cookie, page, count))
    found.longest = time.monotonic() - began
    ends, most = time.monotonic() + _LETS_GO, _SPARE + _FILES_EACH * min(count, _KEPT)
    while (left := _open(process) - before) > most and time.monotonic() < ends:
        time.sleep(0.2)
    if left > most:
        found.wrong.append(f"{left} files stay open")
    return found


async def _one(host: str, cookie: str, page: str) -> None:
    async with Driver(host, cookie) as driver:
        await driver.open(page)


async def _crowd(host: str, cookie: str, page: str, count: int) -> tuple[int, list[str]]:
    door, opened = asyncio.Semaphore(_AT_ONCE), asyncio.Barrier(count)
    failures: list[str] = []

    async def person() -> int:
        try:
            async with Driver(host, cookie) as driver:
                async with door:
                    run = await driver.open(page)
                await opened.wait()  # All of them are there at once.
                return len(run.elements) > 0
        except (RuntimeError, OSError) as failure:
            failures.append(str(failure))
            await opened.abort()
            return 0

    done = await asyncio.gather(*(person() for _ in range(count)), return_exceptions=True)
    return sum(one for one in done if isinstance(one, int)), failures


def _open(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def clock_behind(where: str) -> Outcome:
    """Write something three days ahead of the clock: from then on nothing is taken, and that is said in words."""
    found = Outcome("limits", where, "the clock is behind the newest event", times=1)
    with db.reading() as session:
        ground = Ground.of(session)
    with clock.pretending(clock.now() + timedelta(days=3)):
        next(steps(ground.clerk(1), ground))()
    try:
        next(steps(ground.clerk(2), ground))()
    except Refused:
        found.acknowledged = 1
    else:
        found.wrong.append("an event before the newest one was taken")
    found.half = checking.half_written()
    return found
