"""Allowances: how many questions and bytes one address has in a minute, where nobody need say who asks."""

import time
from collections import OrderedDict
from dataclasses import dataclass

# Whoever asks from more addresses than this at once pushes out the one that was quiet longest, which then has it all.
_ADDRESSES = 10_000
_MINUTE = 60.0


@dataclass
class _Left:
    questions: float
    bytes: float
    at: float


class Allowance:
    """So many ``questions`` and ``bytes`` a minute for each address; what was not used is there again by and by."""

    def __init__(self, questions: int, bytes: int) -> None:
        self._questions, self._bytes = questions, bytes
        self._left: OrderedDict[str, _Left] = OrderedDict()

    def wait(self, address: str) -> int:
        """Take one question, and say 0; or how many seconds it is until the next one is answered."""
        left = self._now(address)
        if left.questions >= 1 and left.bytes > 0:
            left.questions -= 1
            return 0
        return 1 + int(max((1 - left.questions) / self._questions, -left.bytes / self._bytes, 0) * _MINUTE)

    def sent(self, address: str, size: int) -> None:
        """Charge an answer of ``size`` bytes; nobody knows it beforehand, so the last one may go below zero."""
        self._now(address).bytes -= size

    def _now(self, address: str) -> _Left:
        now = time.monotonic()
        left = self._left.pop(address, None) or _Left(self._questions, self._bytes, now)
        minutes, left.at = (now - left.at) / _MINUTE, now
        left.questions = min(self._questions, left.questions + minutes * self._questions)
        left.bytes = min(self._bytes, left.bytes + minutes * self._bytes)
        self._left[address] = left
        while len(self._left) > _ADDRESSES:
            self._left.popitem(last=False)
        return left
