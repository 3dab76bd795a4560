"""Whether a change is more than noise: against known values, and against what chance really does."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.figures import comparisons, survival
from services.figures.kept_counts import Count, Share

CASES = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_fishers_tea() -> None:
    # The lady tasting tea: 3 of 4 right is 0.486 two-sided, 4 of 4 is 0.0286.
    assert comparisons.two_shares(3, 4, 1, 4) == pytest.approx(0.4857, abs=1e-4)
    assert comparisons.two_shares(4, 4, 0, 4) == pytest.approx(0.02857, abs=1e-4)


def test_chi_square_with_continuity() -> None:
    # 30/100 against 50/100: chi-square 7.52 with Yates' correction, p = 0.0061.
    assert comparisons.two_shares(30, 100, 50, 100) == pytest.approx(0.0061, abs=1e-4)


def test_counts_as_poisson() -> None:
    # 60 against 40 over the same time: Krishnamoorthy and Thomson's E-test, p = 0.0456.
    assert comparisons.two_counts(60, 40, (30, 30), 1.0) == pytest.approx(0.0456, abs=1e-4)
    # The same 40 in half the time is no less at all.
    assert comparisons.two_counts(80, 40, (30, 15), 1.0) > 0.9


def test_months_that_vary_make_a_change_worth_less() -> None:
    calm, wild = [50] * 14, [20, 80] * 7
    assert comparisons.spread(calm) == 1.0 and comparisons.spread(wild) > 15
    assert comparisons.spread(wild[:5]) == 1.0  # Too few months to tell.
    assert comparisons.numbers(80, 45, (30, 30), calm).verdict == "more_than_noise"
    assert comparisons.numbers(80, 45, (30, 30), wild).verdict == "may_be_noise"


def test_few_cases_say_nothing_and_no_cases_are_said() -> None:
    assert comparisons.shares(Share(4, 4), Share(10, 100)).verdict == "too_few"
    assert comparisons.shares(Share(0, 0), Share(10, 100)).verdict == "no_cases"
    assert comparisons.shares(Share(99, 100), Share(60, 100)).verdict == "more_than_noise"
    assert comparisons.numbers(1, 2, (30, 30)).verdict == "too_few"
    assert comparisons.numbers(50, 20, (30, 0)).verdict == "too_few"


def test_times_are_compared_whole() -> None:
    fast, slow = survival.times([(at, 2) for at in range(20)]), survival.times([(at + 30, 2) for at in range(20)])
    few = survival.times([(3, 2)])
    assert comparisons.durations(fast, slow, 0.5, (9, 39)).verdict == "more_than_noise"
    assert comparisons.durations(fast, fast, 0.5, (9, 9)).verdict == "may_be_noise"
    assert comparisons.durations(fast, few, 0.5, (9, 3)).verdict == "too_few"
    assert comparisons.durations(fast, survival.times([]), 0.5, (9, None)).verdict == "no_cases"


@given(CASES, CASES)
def test_a_chance_is_a_chance_and_the_order_does_not_matter(one: tuple[int, int], other: tuple[int, int]) -> None:
    chance = comparisons.two_shares(*one, *other)
    assert 0 <= chance <= 1 + 1e-12
    assert comparisons.two_shares(*other, *one) == pytest.approx(chance, abs=1e-9)
    assert comparisons.two_shares(*one, *one) > 0.9


@given(st.lists(st.floats(0, 1), max_size=12))
def test_asked_together_nothing_becomes_surer(chances: list[float]) -> None:
    together = comparisons.holm(chances)
    assert all(old - 1e-12 <= new <= 1 for old, new in zip(chances, together, strict=True))
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    assert [together[at] for at in order] == sorted(together)


def test_noise_is_called_more_than_noise_no_more_often_than_the_rule_says() -> None:
    rng, false, runs = Random(7), 0, 600
    for _run in range(runs):
        hits = [sum(rng.random() < 0.8 for _ in range(60)) for _ in range(2)]
        false += comparisons.shares(Share(hits[0], 60), Share(hits[1], 60)).verdict == "more_than_noise"
    assert false / runs < 0.05


def test_changes_of_one_table_are_judged_together() -> None:
    one = comparisons.shares(Share(60, 100), Share(75, 100))
    assert one.verdict == "more_than_noise"
    assert {change.verdict for change in comparisons.together([one] * 20)} == {"may_be_noise"}
    kept = comparisons.together([one, comparisons.shares(Share(1, 1), Count(0, 0))])
    assert [change.verdict for change in kept] == ["more_than_noise", "no_cases"]
