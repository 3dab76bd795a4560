"""Notes: what pages noted on their way is written every few seconds, beside them, and once more at the end."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.concurrency import run_in_threadpool

from services.rules import in_force
from services.system import db, running
from services.system.writers import later
from ui.web.life.repeating import repeated

_LOG = logging.getLogger(__name__)
_SECONDS = 10
# Who the audit and the timelines name for what the program does by itself.
PROGRAM = "Mulin"


@asynccontextmanager
async def writing() -> AsyncIterator[None]:
    """Write what is noted while the program runs. Where it can't be written now, it is tried again."""
    try:
        async with repeated(_SECONDS, partial(run_in_threadpool, write)):
            yield
    finally:
        write(db.DOOR)


def write(patience: float = db.HURRY) -> None:
    """Write what is noted; whatever goes wrong with it, the program goes on."""
    try:
        running.hold()  # The server of the database may have been started anew.
        later.flush(patience)
        in_force.keep_up(PROGRAM)
    except Exception:
        _LOG.exception("What was noted could not be written; it is tried again.")
