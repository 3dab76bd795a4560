"""Repeating: what the program does by itself every so often, beside all else, for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def repeated(seconds: float, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Do ``work`` every so many ``seconds`` inside the block. It takes care of its own faults: one ends it."""
    task = asyncio.create_task(_again(seconds, work))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _again(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await work()
