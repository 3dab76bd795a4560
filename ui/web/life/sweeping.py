"""Sweeping: once a minute the process lets go of what nobody comes for, and of what killed ones left behind."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from streamlit.runtime import Runtime as AnyRuntime
from streamlit.runtime import exists

from services.system.files import process_folders, work_folders
from ui.web.doors.held_uploads import FORGOTTEN_SECONDS, UPLOADS
from ui.web.processes.runtime import Runtime

_LOG = logging.getLogger(__name__)
_SECONDS = 60


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """Lay open a folder for the other processes, sweep while the program runs, and remove the folder at the end."""
    with suppress(OSError):
        process_folders.own()
    task = asyncio.create_task(_again())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        process_folders.close()


async def _again() -> None:
    while True:
        await asyncio.sleep(_SECONDS)
        _sweep()


def _sweep() -> None:
    found = AnyRuntime.instance() if exists() else None
    if isinstance(found, Runtime):
        found.sweep()
    try:
        UPLOADS.sweep(FORGOTTEN_SECONDS)
        work_folders.sweep()
    except OSError:
        _LOG.warning("The work folder could not be swept.", exc_info=True)
