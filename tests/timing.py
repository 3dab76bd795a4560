"""How dear a piece of work is, whatever else the machine does meanwhile."""

import time
from collections.abc import Callable


def cost(work: Callable[[], object], tries: int = 3) -> float:
    """Processor seconds that this thread spends on the work: the least of several tries."""
    return min(_once(work) for _ in range(tries))


def _once(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
