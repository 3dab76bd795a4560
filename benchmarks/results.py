"""Results: what was measured, what it may cost, and whether it does."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Result:
    """One figure; ``budget`` is the most it may be, or the least where ``at_least``. No budget: for comparison."""

    group: str
    name: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; none where there is none."""
        if self.budget is None or math.isnan(self.value):
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        bound = "" if self.budget is None else f"{'≥' if self.at_least else '≤'} {_short(self.budget)}"
        value = "skipped" if math.isnan(self.value) else _short(self.value)
        return self.group, self.name, value, self.unit, bound, verdict, self.note


def skipped(group: str, name: str, why: str) -> Result:
    """A result that could not be measured here, and why."""
    return Result(group, name, math.nan, "", note=why)


HEADER = ("group", "what", "measured", "unit", "budget", "", "note")


def table(results: Iterable[Result], title: str) -> Table:
    """The results as a table for the terminal."""
    made = Table(title=title)
    for name in HEADER:
        made.add_column(name, justify="right" if name in ("measured", "budget") else "left")
    for result in results:
        made.add_row(*result.cells(), style="red" if result.met is False else None)
    return made


def markdown(results: Iterable[Result], title: str) -> str:
    """The results as a Markdown page."""
    lines = [f"# {title}", "", f"| {' | '.join(HEADER)} |", "|" + "---|" * len(HEADER)]
    return "\n".join([*lines, *(f"| {' | '.join(result.cells())} |" for result in results), ""])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2f}"


def times(action: Callable[[], object], count: int, warm: int = 3) -> list[float]:
    """How long ``action`` takes, in ms, ``count`` times after ``warm`` unmeasured ones."""
    for _ in range(warm):
        action()
    return [_once(action) for _ in range(count)]


def _once(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
