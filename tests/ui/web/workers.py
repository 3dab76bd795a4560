"""Which processes serve, and which of them holds a page: asked of the system."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def workers(supervisor: int) -> list[int]:
    """The processes that it has started."""
    return [int(one) for one in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()]


def folder(worker: int) -> Path | None:
    """The process folder that it holds the lock of."""
    for opened in Path(f"/proc/{worker}/fd").iterdir():
        try:
            path = opened.readlink()
        except OSError:
            continue
        if path.name == ".lock" and path.parent.name.startswith("work-process-"):
            return path.parent
    return None


def pages(worker: int) -> set[str]:
    """The pages that live in it."""
    found = folder(worker)
    return {path.name for path in (found / "sessions").glob("*")} if found else set()


def connected(worker: int) -> bool:
    """Whether any websocket is open there; a page lives on for a while without."""
    found = folder(worker)
    return bool(found and list(found.glob("socket-*")))


def holding(supervisor: int, page: str = "") -> int:
    """The process in which this page lives, or the one that has a websocket open."""
    found = eventually(lambda: [one for one in workers(supervisor) if (page in pages(one) if page else connected(one))])
    return found[0]


def eventually(asked: Callable[[], T], seconds: float = 30) -> T:
    """What it says as soon as that is something. TimeoutError when it stays nothing."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := asked():
            return found
        time.sleep(0.1)
    raise TimeoutError
