"""Problems: what a check finds, as sentences that can be shown in either language, and how much was looked at."""

from dataclasses import dataclass, field
from datetime import datetime

SHOWN = 1000


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was written. ``message`` is a catalogue key, ``seq`` the place in the chain."""

    kind: str
    number: str
    seq: int
    message: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass
class VerifyReport:
    """What was walked and what was found; ``problems`` holds the first ``SHOWN`` of the ``found``.

    ``anchor`` is the last digest of the audit chain: written down elsewhere, it also proves that no tail was cut.
    ``since`` is when the seals began to vouch for what people read; ``as_found`` rows stood there before.
    """

    matters: int = 0
    events: int = 0
    lines: int = 0
    found: int = 0
    anchor: str = ""
    since: datetime | None = None
    as_found: int = 0
    problems: list[Problem] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Record a problem."""
        self.found += 1
        self.named.add(problem.number)
        if len(self.problems) < SHOWN:
            self.problems.append(problem)
