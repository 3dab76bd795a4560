"""Kaplan–Meier and log-rank against textbook data and against the slowest way to count."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.figures import survival
from services.figures.survival import Times

# Freireich et al. 1963, weeks in remission; the second of each pair says whether a relapse was seen.
SIX_MP = [(6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0)]
SIX_MP += [(19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
PLACEBO = [(week, 1) for week in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]

ROWS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), max_size=60)


def times(rows: list[tuple[int, int]]) -> Times:
    return survival.times(((at, 1) for at, seen in rows if seen), ((at, 1) for at, seen in rows if not seen))


def naive(rows: list[tuple[int, int]]) -> dict[int, Fraction]:
    """One row after the other, in whole fractions."""
    left, curve = Fraction(1), {}
    for at in sorted({at for at, _ in rows}):
        risk = sum(1 for other, _ in rows if other >= at)
        closed = sum(1 for other, seen in rows if other == at and seen)
        left *= 1 - Fraction(closed, risk)
        curve[at] = left
    return curve


def test_the_curve_of_the_textbook() -> None:
    found = times(SIX_MP)
    told = dict(zip(found.hours.tolist(), survival.curve(found).round(3).tolist(), strict=True))
    expected = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {at: told[at] for at in expected} == expected
    assert (survival.quantile(found, 0.5), survival.quantile(times(PLACEBO), 0.5)) == (23, 8)
    assert survival.quantile(found, 0.9) is None and found.longest == 35


def test_the_log_rank_of_the_textbook() -> None:
    chance = survival.log_rank(times(SIX_MP), times(PLACEBO))
    # Chi-square 16.79 with one degree of freedom.
    assert chance == pytest.approx(4.17e-5, rel=0.01)


def test_the_interval_of_the_textbook_median() -> None:
    assert survival.interval(times(PLACEBO), 0.5) == (4, 11)
    assert survival.interval(times(SIX_MP), 0.5) == (13, None)


@given(ROWS)
def test_the_curve_is_that_of_counting_row_by_row(rows: list[tuple[int, int]]) -> None:
    found, slow = times(rows), naive(rows)
    fast = dict(zip(found.hours.tolist(), survival.curve(found).tolist(), strict=True))
    assert fast == pytest.approx({at: float(left) for at, left in slow.items()}, abs=1e-12)
    for share in (Fraction(1, 2), Fraction(9, 10)):
        reached = [at for at, left in slow.items() if left <= 1 - share]
        assert survival.quantile(found, float(share)) == (min(reached) if reached else None)


@given(ROWS, ROWS)
def test_parts_together_are_the_whole(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    both, whole = survival.together([times(one), times(other)]), times(one + other)
    assert [column.tolist() for column in (both.hours, both.closed, both.waiting)] == [
        column.tolist() for column in (whole.hours, whole.closed, whole.waiting)
    ]
    assert (both.n, both.events) == (len(one) + len(other), sum(seen for _, seen in one + other))


@given(ROWS, ROWS)
def test_the_log_rank_is_that_of_counting_row_by_row(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    surplus, variance = 0.0, 0.0
    for at in sorted({at for at, seen in one + other if seen}):
        n1, n2 = (sum(1 for when, _ in rows if when >= at) for rows in (one, other))
        d1, d2 = (sum(1 for when, seen in rows if when == at and seen) for rows in (one, other))
        n, d = n1 + n2, d1 + d2
        if n > 1:
            surplus += d1 - d * n1 / n
            variance += d * (n1 / n) * (n2 / n) * (n - d) / (n - 1)
    chance = survival.log_rank(times(one), times(other))
    assert (chance is None) == (variance <= 0)
    if chance is not None:
        assert 0 <= chance <= 1
        assert survival.log_rank(times(other), times(one)) == pytest.approx(chance)
        assert (chance > 0.3173) == (surplus * surplus < variance) or abs(surplus * surplus / variance - 1) < 1e-3


def test_nothing_at_all_takes_no_time() -> None:
    empty = survival.times([])
    assert (empty.n, empty.longest, survival.quantile(empty, 0.5)) == (0, 0, None)
    assert survival.interval(empty, 0.5) == (None, None) and survival.log_rank(empty, empty) is None


def test_what_is_still_open_makes_a_median_longer_never_shorter() -> None:
    closed = [(hours, 1) for hours in range(1, 11)]
    assert survival.quantile(times(closed), 0.5) == 5
    assert survival.quantile(times(closed + [(50, 0)] * 5), 0.5) == 8
    assert survival.quantile(times(closed + [(50, 0)] * 30), 0.5) is None
