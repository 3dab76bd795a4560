from hypothesis import given
from hypothesis import strategies as st

from models.area import Area
from services.indicators import Count
from services.rankings import ranked, wilson


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
