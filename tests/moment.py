"""The moment at which each test begins: now, or the one that MULIN_TEST_NOW names.

A minute of which there is one in a month is over before the second test; so each of them is given it anew.
"""

import os
import select
import time
from datetime import UTC, datetime, timedelta
from typing import SupportsIndex

import pytest

from services.system import clock

BEGINNING = os.environ.get("MULIN_TEST_NOW", "")


def _sleep(seconds: float | SupportsIndex) -> None:
    select.select([], [], [], float(seconds))


if "FAKETIME" in os.environ:
    # Python sleeps until a moment of the monotonic clock, which libfaketime takes for one of the calendar.
    time.sleep = _sleep


def begin(patch: pytest.MonkeyPatch, earlier: float = 0) -> None:
    """Let it be the moment, less some seconds, and go on from there."""
    if not BEGINNING:
        return
    start, began = datetime.fromisoformat(BEGINNING) - timedelta(seconds=earlier), datetime.now(UTC)
    patch.setattr(clock, "now", lambda: clock._PRETENDED.get() or (start + (datetime.now(UTC) - began)).astimezone(UTC))
