"""Sweeping: once a minute the process lets go of what nobody comes for, and of what killed ones left behind."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool
from streamlit.runtime import Runtime as AnyRuntime
from streamlit.runtime import exists

from services.system.files import process_folders, work_folders
from ui.web.doors.held_uploads import FORGOTTEN_SECONDS, UPLOADS
from ui.web.life.repeating import repeated
from ui.web.processes.runtime import Runtime

_LOG = logging.getLogger(__name__)
_SECONDS = 60


@asynccontextmanager
async def sweeping() -> AsyncIterator[None]:
    """Lay open a folder for the other processes, sweep while the program runs, and remove the folder at the end."""
    with suppress(OSError):
        process_folders.own()
    try:
        async with repeated(_SECONDS, _sweep):
            yield
    finally:
        process_folders.close()


async def _sweep() -> None:
    found = AnyRuntime.instance() if exists() else None
    if isinstance(found, Runtime):
        found.sweep()
    await run_in_threadpool(_sweep_folders)  # What a killed import left is large: no tab waits until it is gone.


def _sweep_folders() -> None:
    try:
        UPLOADS.sweep(FORGOTTEN_SECONDS)
        work_folders.sweep()
    except OSError:
        _LOG.warning("The work folder could not be swept.", exc_info=True)
