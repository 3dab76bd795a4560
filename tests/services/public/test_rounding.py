"""Trees of rounded counts: whoever knows all that is told still can't tell any count closer than a step."""

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.public.rounding import Tree, rounded, threshold
from tests.services.public.viewer_solver import Puzzle

STEP = 10


def grown(rng: Random) -> dict[int, list[int]]:
    """A tree of three or four levels."""
    parts: dict[int, list[int]] = {0: []}
    for area in range(1, rng.randrange(2, 14)):
        parts.setdefault(rng.choice([one for one in range(area) if one < 4] or [0]), []).append(area)
    return {area: inside for area, inside in parts.items() if inside}


def summed(parts: dict[int, list[int]], leaves: dict[int, int], area: int) -> int:
    return leaves[area] + sum(summed(parts, leaves, part) for part in parts.get(area, ()))


@pytest.mark.parametrize("seed", range(40))
def test_no_count_of_a_tree_can_be_told_closer_than_a_step(seed: int) -> None:
    rng = Random(seed)
    parts, salt = grown(rng), f"{seed}"
    every = sorted({0, *(part for inside in parts.values() for part in inside)})
    # Hard cases: nearly everywhere nothing, or everywhere one below a step.
    sizes = rng.choice([(0, 0, 0, 1, 3), (9,), (1,), (0, 4, 9, 11, 40)])
    leaves = {area: 0 if area in parts else rng.choice(sizes) for area in every}
    own = {a: rounded(summed(parts, leaves, a), STEP, threshold(salt, f"{a}", STEP)) for a in every}
    told = Tree(parts, {}, STEP).told(0, own)
    puzzle = Puzzle()
    for area, inside in parts.items():
        puzzle.know({str(area): -1.0} | {str(part): 1.0 for part in inside}, 0, 0)
    for area in every:
        puzzle.know_sum([str(area)], told[area] - STEP + 1, told[area] + STEP - 1)
    spans = Tree(parts, {}, STEP).spans(0, told)
    for area in every:
        least, most = puzzle.interval([str(area)])
        assert (least, most) == spans[area]
        assert most - least >= STEP - 1
        assert abs(told[area] - summed(parts, leaves, area)) < 2 * STEP


@given(st.integers(0, 5000), st.integers(0, 9))
@settings(max_examples=200)
def test_a_rounded_count_is_a_neighbour_and_its_threshold_is_unknown(count: int, above: int) -> None:
    told = rounded(count, STEP, above)
    assert told % STEP == 0 and abs(told - count) < STEP
    possible = [n for n in range(told + STEP) for one in range(STEP) if rounded(n, STEP, one) == told]
    assert max(possible) - min(possible) >= STEP - 1


def test_rounding_is_right_on_the_average_and_the_same_each_time() -> None:
    told = [rounded(3, STEP, threshold("salt", f"{at}", STEP)) for at in range(4000)]
    assert set(told) == {0, STEP} and 2.7 < sum(told) / len(told) < 3.3
    assert told == [rounded(3, STEP, threshold("salt", f"{at}", STEP)) for at in range(4000)]
    assert set(Counter(threshold("salt", f"{at}", STEP) for at in range(2000))) == set(range(STEP))


def test_one_case_more_moves_a_count_once_in_ten() -> None:
    moved = [before != after for before, after in pairwise(rounded(n, STEP, 4) for n in range(101))]
    assert sum(moved) == 10
