"""Retries: what the database broke off for another's sake is done anew, a few times; anything else is told at once."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from services.system import db

T = TypeVar("T")
# After how many seconds at most.
_ANEW = (0.05, 0.2, 0.5)


def written(function: Callable[[Session], T]) -> T:
    """What ``function(session)`` returns, called in a transaction of ``db.writing``.

    It is called anew, a few times, where the database broke it off for another's sake: what it does besides must bear
    being done twice.
    """
    for pause in _ANEW:
        try:
            return _once(function)
        except DBAPIError as error:
            if not broken_off(error):
                raise
        time.sleep(pause * random.uniform(0.5, 1))
    return _once(function)


def _once(function: Callable[[Session], T]) -> T:
    with db.writing() as session:
        return function(session)


def broken_off(error: DBAPIError) -> bool:
    """Whether a transaction failed only because another one was under way: a deadlock, or an order that can't be."""
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01")


def busy(error: DBAPIError) -> bool:
    """Whether somebody else holds what was asked for; otherwise the database does not answer, or can't."""
    state = getattr(error.orig, "sqlstate", None)
    return state == "55P03" if state else "locked" in str(error.orig)
