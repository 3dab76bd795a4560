"""Allowances: how many questions and bytes one address has in a minute, where nobody need say who asks."""

import time
from collections.abc import Callable

from services.system.files.shared_numbers import SharedNumbers

_MINUTE = 60.0


class Allowance:
    """So many ``questions`` and ``bytes`` a minute for each address; what was not used is there again by and by.

    It is one allowance for all processes of this machine: whoever asks now this one, now that one has no more of it.
    """

    def __init__(self, questions: int, bytes: int, kind: str = "allowance") -> None:
        self._questions, self._bytes = questions, bytes
        self._left = SharedNumbers(kind, 3)
        self._swept = time.time()

    def wait(self, address: str) -> int:
        """Take one question, and say 0; or how many seconds it is until the next one is answered."""
        return self._changed(address, self._taken)

    def sent(self, address: str, size: int) -> None:
        """Charge an answer of ``size`` bytes; nobody knows it beforehand, so the last one may go below zero."""
        self._changed(address, lambda questions, left: (0, questions, left - size))

    def _taken(self, questions: float, left: float) -> tuple[int, float, float]:
        if questions >= 1 and left > 0:
            return 0, questions - 1, left
        wait = max((1 - questions) / self._questions, -left / self._bytes, 0) * _MINUTE
        return 1 + int(wait), questions, left

    def _changed(self, address: str, change: Callable[[float, float], tuple[int, float, float]]) -> int:
        self._sweep()
        with self._left.changing(address) as numbers:
            questions, left = self._now(numbers)
            said, questions, left = change(questions, left)
            numbers[:] = questions, left, time.time()
        return said

    def _now(self, numbers: list[float]) -> tuple[float, float]:
        now = time.time()
        questions, left, at = numbers if numbers and numbers[2] <= now else (self._questions, self._bytes, now)
        minutes = (now - at) / _MINUTE
        return (
            min(self._questions, questions + minutes * self._questions),
            min(self._bytes, left + minutes * self._bytes),
        )

    def _sweep(self) -> None:
        """What nobody has used for minutes is whole again: one with nothing kept has it all, too."""
        if abs(time.time() - self._swept) > _MINUTE:
            self._swept = time.time()
            self._left.forget(2 * _MINUTE)
