"""A hostile viewer: everything that was told, as constraints on the true counts, and what can still be the case."""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Names = Iterable[str]


class Puzzle:
    """Unknown whole numbers, none below zero, and what is known of their sums."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._rows: list[tuple[dict[int, float], float, float]] = []

    def know(self, weights: Mapping[str, float], least: float, most: float) -> None:
        """The weighted sum of some unknowns lies between two numbers."""
        self._rows.append(({self._index(name): weight for name, weight in weights.items()}, least, most))

    def know_sum(self, names: Names, least: float, most: float) -> None:
        """The sum of some unknowns lies between two numbers."""
        self.know(dict.fromkeys(names, 1.0), least, most)

    def interval(self, names: Names) -> tuple[int, float]:
        """The least and the most that the sum of some unknowns can be."""
        wanted = np.zeros(len(self._at))
        for name in names:
            wanted[self._index(name)] = 1
        return round(self._solved(wanted)), self._most(wanted)

    def _most(self, wanted: np.ndarray) -> float:
        return round(-self._solved(-wanted))

    def _solved(self, wanted: np.ndarray) -> float:
        matrix = np.zeros((len(self._rows), len(self._at)))
        for at, (weights, _, _) in enumerate(self._rows):
            for index, weight in weights.items():
                matrix[at, index] = weight
        known = LinearConstraint(matrix, [row[1] for row in self._rows], [row[2] for row in self._rows])
        found = milp(wanted, constraints=known, bounds=Bounds(0, 10_000), integrality=np.ones(len(self._at)))
        assert found.success, f"What was told can't be true: {found.message}"
        return float(found.fun)

    def _index(self, name: str) -> int:
        return self._at.setdefault(name, len(self._at))
