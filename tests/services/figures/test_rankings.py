from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from models.area import Area
from services.figures.indicators import Count
from services.figures.intervals import wilson
from services.figures.rankings import ranked, tiers


def area(code: str) -> Area:
    return Area(code=code, name=code, level="grid", path=f"{code}/")


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_a_share(counts: tuple[int, int]) -> None:
    hits, n = counts
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-9 and hits / n - 1e-9 <= high <= 1


def test_a_lucky_small_area_does_not_win() -> None:
    rows = ranked([(area("small"), Count(6, 6)), (area("large"), Count(970, 1000)), (area("poor"), Count(600, 1000))])
    assert rows[0].area.code == "large"


def test_too_few_cases_are_not_ranked_and_none_is_not_perfect() -> None:
    rows = {
        row.area.code: row
        for row in ranked([(area("few"), Count(4, 4)), (area("none"), Count(0, 0)), (area("many"), Count(80, 100))])
    }
    assert (rows["few"].verdict, rows["none"].verdict, rows["none"].share) == ("too_few", "no_cases", None)


def test_equal_areas_do_not_differ() -> None:
    assert {row.verdict for row in ranked([(area("a"), Count(85, 100)), (area("b"), Count(84, 100))])} == {"same"}


def test_a_clear_difference_is_said() -> None:
    verdicts = {
        row.area.code: row.verdict for row in ranked([(area("a"), Count(950, 1000)), (area("b"), Count(700, 1000))])
    }
    assert verdicts == {"a": "better", "b": "worse"}


def test_no_area_at_all_is_an_empty_ranking() -> None:
    assert ranked([]) == []


def test_less_is_better_where_it_is() -> None:
    rows = ranked([(area("a"), Count(300, 1000)), (area("b"), Count(50, 1000))], "down")
    assert [(row.area.code, row.verdict) for row in rows] == [("b", "better"), ("a", "worse")]


def test_those_that_share_a_letter_do_not_differ() -> None:
    rows = ranked(
        [
            (area("best"), Count(970, 1000)),
            (area("middle"), Count(90, 100)),
            (area("worst"), Count(800, 1000)),
            (area("few"), Count(3, 4)),
        ]
    )
    letters = {row.area.code: row.letters for row in rows}
    assert letters["few"] == "" and not set(letters["best"]) & set(letters["worst"])
    assert rows[0].letters.startswith("a")


def test_equal_areas_share_one_letter() -> None:
    rows = ranked([(area(str(at)), Count(80 + at % 3, 100)) for at in range(20)])
    assert {row.letters for row in rows} == {"a"}


@given(st.lists(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12))
def test_groups_are_runs_that_leave_nobody_out(counted: list[tuple[int, int]]) -> None:
    counts = sorted((Count(hits, n) for hits, n in counted if n >= 5), key=lambda count: -(count.value or 0))
    groups = tiers(counts)
    assert {place for first, last in groups for place in range(first, last + 1)} == set(range(len(counts)))
    assert all(one < other for one, other in pairwise(groups)) and len(groups) <= max(1, len(counts))


def test_chance_makes_no_groups_of_equals() -> None:
    rng, false = Random(3), 0
    for _run in range(150):
        counted = [(area(str(at)), Count(sum(rng.random() < 0.85 for _ in range(80)), 80)) for at in range(8)]
        false += len({row.letters for row in ranked(counted)}) > 1
    assert false / 150 < 0.08
