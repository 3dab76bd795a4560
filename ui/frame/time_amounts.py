"""Amounts of time in words: so many hours or days of one of the four clocks."""

from services.rules.time_limits import Limit
from services.rules.worktime import CLOCKS
from ui.frame.text import term

_PER_UNIT = {clock: 3600 if clock.endswith("hour") else 86_400 for clock in CLOCKS}


def amount(value: float, clock: str) -> str:
    """5 working days; halves are kept, nothing finer."""
    return term("rule_unit", clock).format(value=f"{round(value * 2) / 2:g}", share=f"{value:.0%}")


def seconds(count: int, clock: str) -> str:
    """Seconds of a clock in its hours or days, at least half of one."""
    return amount(max(0.5, count / _PER_UNIT[clock]), clock)


def limit(found: Limit) -> str:
    """How long a limit gives."""
    return amount(found.amount, found.clock)
