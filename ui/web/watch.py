"""Watch: while the program runs it remembers every few minutes where the record stands; it warns where that is gone."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from services.keep import known_anchors
from services.keep.problems import Problem
from services.system import db
from ui.web.life.repeating import repeated

_LOG = logging.getLogger(__name__)
_SECONDS = 300


@asynccontextmanager
async def watching() -> AsyncIterator[None]:
    """Note where the record stands at the start, every few minutes, and at the end."""
    await run_in_threadpool(_note)
    try:
        async with repeated(_SECONDS, partial(run_in_threadpool, _note)):
            yield
    finally:
        _note()


def _note() -> None:
    try:
        with db.reading() as session:
            problem = known_anchors.behind(session)
            if problem:
                _LOG.warning(problem.message.format(**problem.params))
            else:
                known_anchors.note(session)
    except (SQLAlchemyError, OSError) as error:
        # A database or a disk that does not answer is told by whoever asks for it; nobody is kept out for this.
        _LOG.warning("Where the record stands could not be noted: %s", error)


def behind() -> Problem | None:
    """What says that the record is behind, or beside, what this machine saw before."""
    with db.reading() as session:
        return known_anchors.behind(session)
