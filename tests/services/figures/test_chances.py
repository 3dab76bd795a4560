"""The tests of many pairs at once are those that SciPy makes of one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact

from services.figures import chances, comparisons
from tests.timing import cost

CASES = st.integers(1, 900).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def slow(hits: int, n: int, others: int, m: int) -> float:
    """One pair, by the functions of SciPy that test one pair."""
    table = [[hits, n - hits], [others, m - others]]
    if hits + others in (0, n + m):
        return 1.0
    told = chi2_contingency(table, correction=True)
    return float(fisher_exact(table).pvalue if told.expected_freq.min() < 5 else told.pvalue)


@given(st.lists(st.tuples(CASES, CASES), max_size=8))
def test_many_pairs_are_each_tested_as_alone(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    asked = [(*one, *other) for one, other in pairs]
    assert chances.of_pairs(asked) == pytest.approx([slow(*one) for one in asked], rel=1e-6, abs=1e-12)


def test_the_pairs_of_sixty_areas_take_a_moment() -> None:
    rng = Random(2)
    areas = [(rng.randint(0, n), n) for n in (rng.randint(5, 60) for _ in range(60))]
    pairs = [(*one, *other) for at, one in enumerate(areas) for other in areas[:at]]
    chances.of_pairs(pairs[:9])
    assert cost(lambda: chances.of_pairs(pairs)) < 0.25


def test_two_counts_are_compared_as_poisson_and_beyond_some_thousand_as_normal() -> None:
    assert comparisons.two_counts(0, 0, (30, 30), 1.0) == 1.0
    few = comparisons.two_counts(990, 1000, (30, 30), 1.0)
    many = comparisons.two_counts(1010, 1000, (30, 30), 1.0)
    assert few == pytest.approx(binomtest(990, 1990).pvalue, abs=0.03) and many == pytest.approx(few, abs=0.03)
    assert comparisons.two_counts(5000, 6000, (30, 30), 1.0) < 1e-15
