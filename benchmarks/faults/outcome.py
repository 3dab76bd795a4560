"""Outcome: what came of one fault: how much was acknowledged, how much of it is lost, and what is only half there."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.table import Table

HEADER = ("fault", "where", "what", "times", "acknowledged", "lost", "half-written", "longest", "")
_SHOWN = 5


@dataclass
class Outcome:
    """One fault, done ``times`` times; ``longest`` in seconds, ``wrong`` in words."""

    fault: str
    where: str
    what: str
    times: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    longest: float = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is lost, half there, or otherwise wrong."""
        return not (self.lost or self.half or self.wrong)

    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        counts = (self.times, self.acknowledged, len(self.lost), len(self.half))
        told = "sound" if self.sound else "; ".join([*self.lost, *self.half, *self.wrong][:_SHOWN])
        return self.fault, self.where, self.what, *(f"{one:,}" for one in counts), f"{self.longest:.2f} s", told


def table(outcomes: Iterable[Outcome]) -> Table:
    """The outcomes for the terminal."""
    made = Table(title="Faults")
    for name in HEADER:
        made.add_column(name, justify="right" if name in HEADER[3:8] else "left")
    for outcome in outcomes:
        made.add_row(*outcome.cells(), style=None if outcome.sound else "red")
    return made
